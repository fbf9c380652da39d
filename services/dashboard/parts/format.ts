// Numbers and times as people read them.

/** "3 minutes ago", from unix seconds. */
export function ago(unixSeconds: number, now = Date.now()): string {
  const seconds = Math.round(unixSeconds - now / 1000)
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  }
  return 'just now'
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 10],
] as const

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** "23 Nov 2026, 09:36", from unix seconds. */
export function at(unixSeconds: number): string {
  return moment.format(unixSeconds * 1000)
}

/** "71 %", of a share; an en dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}

/** "+4", "−3" percentage points. */
export function points(difference: number | null): string {
  return difference === null ? '–' : signed(Math.round(difference * 100), 0)
}

/** With a true minus sign and, above zero, a plus. */
export function signed(value: number, digits: number): string {
  const rounded = value.toFixed(digits)
  if (Number(rounded) === 0) return (0).toFixed(digits)
  return value < 0 ? `−${rounded.slice(1)}` : `+${rounded}`
}

/** "−2.31", nats. */
export function nats(value: number): string {
  return value < 0 ? `−${Math.abs(value).toFixed(2)}` : value.toFixed(2)
}

/** "4.2 s", "2 min 5 s". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** "1 question", "3 questions"; words whose plural takes an s. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}

/** "56 B", "340 kB", "1.2 MB". */
export function bytes(number: number): string {
  if (number < 1024) return `${number} B`
  const megabytes = number / 1024 ** 2
  return megabytes < 1 ? `${Math.round(number / 1024)} kB` : `${Number(megabytes.toPrecision(2))} MB`
}

/** "p = 0.031", "p < 0.001". */
export function pValue(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
}
