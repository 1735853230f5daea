import { i18n } from './i18n'
import { port } from './places'
import { sdk } from './sdk'

export const setInterfaces = sdk.setupInterfaces(async ({ effects }) => {
  const host = sdk.MultiHost.of(effects, 'main')
  const origin = await host.bindPort(port, { protocol: 'http' })
  const pages = sdk.createInterface(effects, {
    id: 'pages',
    name: i18n('Shop'),
    description: i18n('The buyers’ pages, the desk and the API'),
    type: 'ui',
    masked: false,
    schemeOverride: null,
    username: null,
    path: '',
    query: {},
  })
  return [await origin.export([pages])]
})
