// Claim codes as they are printed on a box, typed by somebody who stands in the rain.

export const CODE_CHARACTERS = 12
const GROUP = 4
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What was typed as the label has it: capitals in groups of four. What looks alike is taken for what it must be; the rest stays, so that it is seen. */
export function asPrinted(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1').slice(0, CODE_CHARACTERS)
  return plain.replace(new RegExp(`(.{${GROUP}})(?=.)`, 'g'), '$1-')
}
export const plainCode = (shown: string): string => shown.replace(/[\s-]/g, '')
/** How far a code is; a character that no code has is named. The server knows whether it is a code. */
export function codeState(shown: string): { missing: number; strange: string } {
  const plain = plainCode(shown)
  return { missing: CODE_CHARACTERS - plain.length, strange: [...plain].find((one) => !ALPHABET.includes(one)) ?? '' }
}
