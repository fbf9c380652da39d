// A text and, folded away, questions to measure by.
interface TextFieldsProps {
  text: string
  onText: (text: string) => void
  questions: string
  onQuestions: (questions: string) => void
}

export function TextFields({ text, onText, questions, onQuestions }: TextFieldsProps) {
  return (
    <>
      <label for="text">Text</label>
      <textarea
        id="text"
        class="manuscript"
        rows={text === '' ? 4 : 9}
        required
        value={text}
        aria-describedby="compose-hint"
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <details>
        <summary>Questions of your own, to measure by</summary>
        <label for="questions">One a line, with its answer behind a bar: Who built it? | Ottilie Brandt</label>
        <textarea
          id="questions"
          rows={3}
          value={questions}
          onInput={(event) => onQuestions(event.currentTarget.value)}
        />
        <p class="hint">They are never trained on. Without any, the model holds some of its own back.</p>
      </details>
    </>
  )
}
