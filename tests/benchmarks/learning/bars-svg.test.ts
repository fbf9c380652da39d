import { expect, test } from 'vitest'
import { findXmlFault } from '../../support/find-xml-fault.ts'
import { drawBars } from './bars-svg.ts'

const bars = [
  { name: 'a < b & "c"', figure: { value: 0.5, interval: { low: 0.25, high: 0.75 } }, strong: true },
  { name: 'none', figure: { value: null, interval: null } },
  { name: 'below', figure: { value: -0.1, interval: null } },
]

test('the picture is well-formed, whatever the names hold', () => {
  const svg = drawBars('Title <&>', bars)
  expect(findXmlFault(svg)).toBeNull()
  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
})

test('bars are as long as their values, from a common zero', () => {
  const svg = drawBars(
    't',
    [
      { name: 'half', figure: { value: 0.5, interval: null } },
      { name: 'quarter', figure: { value: 0.25, interval: null } },
    ],
    { most: 1 },
  )
  const rects = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ])
  expect(rects[0]?.[0]).toBe(rects[1]?.[0])
  expect(rects[0]?.[1]).toBeCloseTo(2 * (rects[1]?.[1] ?? 0), 1)
})

test('a fault in markup is found', () => {
  expect(findXmlFault('<svg><g></svg>')).toBe('</svg> closes g')
  expect(findXmlFault('<svg a="1></svg>')).not.toBeNull()
  expect(findXmlFault('<svg>a & b</svg>')).toMatch(/&/)
})
