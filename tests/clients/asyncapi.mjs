// AsyncAPI's own parser finds no error in the document: node asyncapi.mjs FILE
import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'))
for (const { severity, message, path } of diagnostics) {
  if (severity < 2) console.error(['error', 'warning'][severity], path.join('.'), message)
}
if (!document || diagnostics.some(({ severity }) => severity < 2)) process.exit(1)
console.log(`${document.channels().length} channels, ${document.messages().length} messages, ${document.schemas().length} schemas`)
