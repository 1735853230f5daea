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
  const env = {
    FACTURE_STORE__DATA_DIR: '/data',
    FACTURE_SERVER__LISTEN: `0.0.0.0:${port}`,
    FACTURE_NODE__RPC_FILE: rpcFile,
  }
  // The socket of Core Lightning is root's, in its container and in this one. That of facture answers facture's own user.
  const user = 'root'
  return sdk.Daemons.of(effects).addDaemon('server', {
    subcontainer: container,
    exec: {
      command: ['/usr/bin/facture', 'serve', '--config', '/data/config.toml'],
      env,
      user,
    },
    ready: {
      display: i18n('Shop'),
      fn: async () => {
        const health = await container.exec(
          ['/usr/bin/facture', 'doctor', '--only', 'server,follower'],
          { env, user },
          10_000,
        )
        return health.exitCode === 0
          ? { result: 'success', message: i18n('The shop is open') }
          : {
              result: 'failure',
              message: i18n('facture does not run, or has lost its node'),
            }
      },
    },
    requires: [],
  })
})
