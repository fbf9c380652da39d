// Questions as they are typed: one a line, the answer behind a bar. A line that lacks either is said, not skipped.
export function parseQuestions(lines: string): { question: string; answer: string }[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [question = '', answer = ''] = line.split('|').map((part) => part.trim())
      if (question === '' || answer === '') throw new Error(`A question needs its answer behind a bar: "${line}"`)
      return { question, answer }
    })
}
