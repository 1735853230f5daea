import { sdk } from '../sdk'
import { ownersLink } from './ownersLink'
import { shop } from './shop'

export const actions = sdk.Actions.of().addAction(shop).addAction(ownersLink)
