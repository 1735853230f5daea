import { StartSdk } from '@start9labs/start-sdk'
import { manifest } from './manifest'

/** The SDK, with this package's types. */
export const sdk = StartSdk.of().withManifest(manifest).build(true)
