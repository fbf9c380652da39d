// What a terminal is spared of what others wrote.
import { expect, it } from 'vitest'
import { paint, printable } from '../../services/cli/terminal.ts'

it('prints no control character of a title or an answer, so that none moves the cursor or renames the window', () => {
  expect(printable('a\u001b]0;owned\u0007b\u001b[2Jc\rd\u009b1Ae\u0000\u007f')).toBe('a]0;ownedb[2Jcd1Ae')
})

it('keeps line ends, tabs, colours and every other character', () => {
  const text = `Grüße, 東京 👩‍🚀\n\t${paint({ color: true }, '1;32', 'promoted')}`
  expect(printable(text)).toBe(text)
})
