import { sdk } from './sdk'

/** All of facture's volume: the records and the key by which its invoices are known. */
export const { createBackup, restoreInit } = sdk.setupBackups(async () =>
  sdk.Backups.ofVolumes('main'),
)
