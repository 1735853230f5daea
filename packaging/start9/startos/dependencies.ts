import { sdk } from './sdk'

export const setDependencies = sdk.setupDependencies(async () => ({
  'c-lightning': {
    kind: 'running',
    versionRange: '>=25.2.0:0',
    healthChecks: ['lightningd'],
  },
}))
