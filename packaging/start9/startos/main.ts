import { configFile } from './fileModels/config'
import { i18n } from './i18n'
import { mounts, port, rpcFile } from './places'
import { sdk } from './sdk'

export const main = sdk.setupMain(async ({ effects }) => {
  // A change restarts facture.
  await configFile.read().const(effects)
  const container = sdk.SubContainer.of(
    effects,
    { imageId: 'facture' },
    mounts,
    'facture',
  )
  return sdk.Daemons.of(effects).addDaemon('server', {
    subcontainer: container,
    exec: {
      command: ['/usr/bin/facture', 'serve', '--config', '/data/config.toml'],
      env: {
        FACTURE_STORE__DATA_DIR: '/data',
        FACTURE_SERVER__LISTEN: `0.0.0.0:${port}`,
        FACTURE_NODE__RPC_FILE: rpcFile,
      },
      // The socket is root's, in the container of Core Lightning and in this one.
      user: 'root',
    },
    ready: {
      display: i18n('Shop'),
      fn: () =>
        sdk.healthCheck.checkPortListening(effects, port, {
          successMessage: i18n('The pages are there'),
          errorMessage: i18n('The pages are not there'),
        }),
    },
    requires: [],
  })
})
