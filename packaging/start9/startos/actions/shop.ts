import { configFile } from '../fileModels/config'
import { i18n } from '../i18n'
import { sdk } from '../sdk'

const { InputSpec, Value } = sdk

const input = InputSpec.of({
  name: Value.text({
    name: i18n('Name'),
    description: i18n('What buyers see'),
    required: true,
    default: 'facture',
  }),
  address: Value.text({
    name: i18n('Public address'),
    description: i18n(
      'Where buyers reach the interface, such as https://shop.example. With https, the desk is switched on.',
    ),
    required: false,
    default: null,
    patterns: [
      {
        regex: '^https?://[^/?#@]+$',
        description: i18n('An address without a path'),
      },
    ],
  }),
})

/** The shop's name and its address. */
export const shop = sdk.Action.withInput(
  'shop',
  {
    name: i18n('Shop'),
    description: i18n('The name of the shop, and its address'),
    warning: null,
    allowedStatuses: 'any',
    group: null,
    visibility: 'enabled',
  },
  input,
  async () => {
    const config = await configFile.read().once()
    return {
      name: config?.site.name ?? 'facture',
      address: config?.server.public_url || null,
    }
  },
  async ({ effects, input: { name, address } }) => {
    const publicUrl = address ?? ''
    await configFile.merge(effects, {
      site: { name },
      server: { public_url: publicUrl },
      // facture refuses a desk whose passwords would cross a network in the clear.
      desk: { enabled: publicUrl.startsWith('https://') },
    })
  },
)
