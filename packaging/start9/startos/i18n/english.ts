/** What the package says, each with the number by which its translations are found. */
export const english = {
  Shop: 0,
  'The name of the shop, and its address': 1,
  Name: 2,
  'What buyers see': 3,
  'Public address': 4,
  'Where buyers reach the interface, such as https://shop.example. With https, the desk is switched on.': 5,
  'An address without a path': 6,
  'Owner’s link': 7,
  'By it, the first owner of the desk chooses a password': 8,
  'Open it in a browser. It works once.': 9,
  'There is none: the desk is off, or it has an owner.': 10,
  'The buyers’ pages, the desk and the API': 11,
  'The shop is open': 12,
  'facture does not run, or has lost its node': 13,
} as const
