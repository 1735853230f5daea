import { sdk } from './sdk'

/** facture's port, of the pages and the API. */
export const port = 9112

/** Where lightningd's volume is, and its socket in it. */
export const lightning = '/lightning'
export const rpcFile = `${lightning}/bitcoin/lightning-rpc`

/** facture's own volume, and the node's, which is not written to. */
export const mounts = sdk.Mounts.of()
  .mountVolume({
    volumeId: 'main',
    subpath: null,
    mountpoint: '/data',
    readonly: false,
  })
  .mountDependency({
    dependencyId: 'c-lightning',
    volumeId: 'main',
    subpath: null,
    mountpoint: lightning,
    readonly: true,
  })
