import { setupI18n } from '@start9labs/start-sdk'
import { english } from './english'
import { translations } from './translations'

export const i18n = setupI18n(english, translations, 'en_US')
