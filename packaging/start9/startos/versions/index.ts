import { VersionGraph, VersionInfo } from '@start9labs/start-sdk'

/** facture's version, then the package's. facture brings its records up to date by itself. */
const current = VersionInfo.of({
  version: '0.1.0:0',
  releaseNotes: { en_US: 'The first package.' },
  migrations: {},
})

export const versionGraph = VersionGraph.of({ current, other: [] })
