// Counts what is written in a study, in the base's tokens, whoever writes it: the receipt of an update compares like with
// like when a model outside takes the base's place.
import type { Engine } from '../../engine/engine.ts'
import type { Writer } from './writer.ts'

export interface CountedWriters {
  engine: Engine
  generator: Writer | undefined
  /** Written so far. */
  tokens(): number
}

export function countWritten(engine: Engine, generator: Writer | undefined): CountedWriters {
  let count = 0
  return {
    engine: {
      ...engine,
      async generate(...given) {
        const generations = await engine.generate(...given)
        for (const { tokens } of generations) count += tokens.length
        return generations
      },
    },
    generator: generator && {
      ...generator,
      async write(...given) {
        const writings = await generator.write(...given)
        for (const writing of writings)
          if (writing !== null) count += engine.tokenizer.encode(writing.text, { addSpecial: false }).length
        return writings
      },
    },
    tokens: () => count,
  }
}
