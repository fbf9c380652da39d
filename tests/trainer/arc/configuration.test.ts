import { expect, test } from 'vitest'
import { parseConfiguration, toolsOf } from '../../../services/trainer/arc/configuration.ts'

const configuration = {
  data_generation: {
    use_basic_augmentations: true,
    use_size_augmentations: false,
    use_chain_augmentations: true,
    use_repeat_augmentations: false,
  },
  training: { strategy: 'train_using_all_tokens', learning_rate: 0.001, num_train_epochs: 2 },
}
const text = JSON.stringify(configuration)
const withTraining = (change: object): string =>
  JSON.stringify({ ...configuration, training: { ...configuration.training, ...change } })

test('a configuration as asked for is read as it stands', () => {
  const read = parseConfiguration(`\n${text}  `)
  expect(read).toEqual(configuration)
  if (typeof read !== 'string') expect(toolsOf(read)).toEqual(['basic', 'chain'])
})

test.each([
  ['', 'not_json'],
  ['Here it is: ' + text, 'not_json'],
  ['```json\n' + text + '\n```', 'not_json'],
  [text.replace('true', 'True'), 'not_json'],
  [text.slice(0, -1), 'not_json'],
  ['null', 'not_a_configuration'],
  ['{}', 'not_a_configuration'],
  [text.replace('true', '"true"'), 'not_a_configuration'],
  [text.replace('use_size', 'use_scale'), 'not_a_configuration'],
  [withTraining({ learning_rate: '0.001' }), 'not_a_configuration'],
  [withTraining({ learning_rate: 0 }), 'not_a_configuration'],
  [withTraining({ num_train_epochs: 2.5 }), 'not_a_configuration'],
  [withTraining({ num_train_epochs: 0 }), 'not_a_configuration'],
  [withTraining({ strategy: 'train_using_input_tokens' }), 'not_a_configuration'],
  [withTraining({ batch: 4 }), 'not_a_configuration'],
  [text.replace('{', '{"training":null,'), 'repeated_field'],
  [
    text.replace('"use_size_augmentations"', '"use_size_augmentations":true,"use_size_augmentations"'),
    'repeated_field',
  ],
])('%s is a failure and not mended: %s', (written, fault) => expect(parseConfiguration(written)).toBe(fault))
