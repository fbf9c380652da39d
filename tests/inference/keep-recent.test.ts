import { describe, expect, test } from 'vitest'
import { keepRecent } from '../../services/inference/keep-recent.ts'

/** A cache of strings as large as they are long, and what was loaded. */
function cacheOf(sizeMax: number) {
  const loads: string[] = []
  const recent = keepRecent<string>(sizeMax, (value) => value.length)
  return { loads, get: (key: string) => recent.get(key, async () => (loads.push(key), key)) }
}

describe('what was used recently', () => {
  test('is loaded once, also by those who ask at the same moment', async () => {
    const { get, loads } = cacheOf(10)
    expect(await Promise.all([get('aaa'), get('aaa'), get('bbb')])).toEqual(['aaa', 'aaa', 'bbb'])
    await get('aaa')
    expect(loads).toEqual(['aaa', 'bbb'])
  })

  test('stays, while the least recently used goes when the size is exceeded', async () => {
    const { get, loads } = cacheOf(6)
    await get('aaa')
    await get('bbb')
    await get('aaa')
    await get('ccc')
    await get('aaa')
    await get('bbb')
    expect(loads).toEqual(['aaa', 'bbb', 'ccc', 'bbb'])
  })

  test('is handed out but not kept when it is larger than everything allowed', async () => {
    const { get, loads } = cacheOf(4)
    expect(await get('aaaaa')).toBe('aaaaa')
    await get('aaaaa')
    expect(loads).toEqual(['aaaaa', 'aaaaa'])
  })

  test('stays when something passes that is larger than everything allowed', async () => {
    const { get, loads } = cacheOf(4)
    await get('aa')
    await get('bb')
    await get('ccccc')
    await get('aa')
    await get('bb')
    expect(loads).toEqual(['aa', 'bb', 'ccccc'])
  })

  test('is tried again after a failure', async () => {
    const recent = keepRecent<string>(10, (value) => value.length)
    await expect(recent.get('a', () => Promise.reject(new Error('out of reach')))).rejects.toThrow('out of reach')
    expect(await recent.get('a', () => Promise.resolve('there'))).toBe('there')
  })
})
