import { FileHelper, z } from '@start9labs/start-sdk'
import { sdk } from '../sdk'

/** The part of facture's configuration that the action "Shop" sets. What else is in the file stays. */
export const configFile = FileHelper.toml(
  { base: sdk.volumes.main, subpath: '/config.toml' },
  z.object({
    site: z.object({ name: z.string() }).catch({ name: 'facture' }),
    server: z.object({ public_url: z.string() }).catch({ public_url: '' }),
    desk: z.object({ enabled: z.boolean() }).catch({ enabled: false }),
  }),
)
