// One of a few, as a row of radio buttons: arrows move, screen readers know what it is.
import { useId } from 'preact/hooks'

interface TabsProps<T extends string> {
  name: string
  tabs: readonly { value: T; label: string }[]
  value: T
  onChange: (value: T) => void
}

export function Tabs<T extends string>({ name, tabs, value, onChange }: TabsProps<T>) {
  const group = useId()
  return (
    <fieldset class="tabs">
      <legend class="unseen">{name}</legend>
      {tabs.map((tab) => (
        <label key={tab.value}>
          <input type="radio" name={group} checked={tab.value === value} onChange={() => onChange(tab.value)} />
          <span>{tab.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
