// Constrained decoding: a text whose form is given and whose values are the model's. Only tokens that keep the text a
// beginning of such a text are drawn.

/** Its parts stand one behind the other; none is empty. A part is a text, one of several, or 1 to `digits` decimal digits. */
export type Form = readonly FormPart[]
export type FormPart = string | { oneOf: readonly string[] } | { digits: number }

/** Whether `text` is such a text, the beginning of one, or neither (null). What may end or go on is whole. */
export function readForm(form: Form, text: string): 'whole' | 'begun' | null {
  const [part, ...rest] = form
  if (part === undefined) return text === '' ? 'whole' : null
  if (text === '') return 'begun'
  const found = options(part, text).map((option) => {
    if (text.startsWith(option)) return readForm(rest, text.slice(option.length))
    return option.startsWith(text) ? 'begun' : null
  })
  return found.find((one) => one === 'whole') ?? found.find((one) => one === 'begun') ?? null
}

/** What a part may be at the beginning of `text`. */
function options(part: FormPart, text: string): readonly string[] {
  if (typeof part === 'string') return [part]
  if ('oneOf' in part) return part.oneOf
  const digits = /^\d*/.exec(text)?.[0].slice(0, part.digits) ?? ''
  return Array.from(digits, (_, index) => digits.slice(0, index + 1))
}
