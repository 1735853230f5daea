import { readFile } from 'fs/promises'
import { i18n } from '../i18n'
import { sdk } from '../sdk'

/** The link by which the desk's first owner chooses a password: facture writes it into its volume until somebody did. */
export const ownersLink = sdk.Action.withoutInput(
  'owners-link',
  {
    name: i18n('Owner’s link'),
    description: i18n('By it, the first owner of the desk chooses a password'),
    warning: null,
    allowedStatuses: 'only-running',
    group: null,
    visibility: 'enabled',
  },
  async () => {
    const file = sdk.volumes.main.subpath('desk-first-owner.link')
    const link = await readFile(file, 'utf8').catch(() => null)
    return {
      version: '1',
      title: i18n('Owner’s link'),
      message: link !== null
        ? i18n('Open it in a browser. It works once.')
        : i18n('There is none: the desk is off, or it has an owner.'),
      result:
        link === null
          ? null
          : {
              type: 'single',
              value: link.trim(),
              copyable: true,
              masked: true,
              qr: false,
            },
    }
  },
)
