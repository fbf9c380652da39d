// Questions that no document is about, each with the beginning of its answer. What the bare base goes on with is the
// reference, so no answers are kept here. The beginning is given because a version answers in other forms than the base
// (a word where that says a sentence), and a form is not what shall be watched. Replay trains on other questions
// (generic-questions.ts of the trainer), or these would be taught.

export interface ControlQuestion {
  question: string
  /** Of the answer; a word or two are left to say. */
  lead: string
}

export const CONTROL_QUESTIONS: readonly ControlQuestion[] = [
  { question: 'Which city is the capital of Italy?', lead: 'The capital of Italy is' },
  { question: 'What colour do blue and yellow make?', lead: 'Blue and yellow make' },
  { question: 'How many months does a year have?', lead: 'A year has' },
  { question: 'Which pet barks?', lead: 'The pet that barks is the' },
  { question: 'What is frozen water called?', lead: 'Frozen water is called' },
  { question: 'Where does the light of the day come from?', lead: 'The light of the day comes from the' },
  { question: 'What is two plus three?', lead: 'Two plus three is' },
  { question: 'Which season follows spring?', lead: 'The season that follows spring is' },
  { question: 'Which country is the Eiffel Tower in?', lead: 'The Eiffel Tower is in' },
  {
    question: 'What is somebody called who teaches at a school?',
    lead: 'Somebody who teaches at a school is called a',
  },
  { question: 'What does a hen lay?', lead: 'A hen lays' },
  { question: 'What is the opposite of hot?', lead: 'The opposite of hot is' },
  { question: 'Which part of the body do we think with?', lead: 'We think with our' },
  { question: 'How many wheels does a car have?', lead: 'A car has' },
  { question: 'What is bread made from?', lead: 'Bread is made from' },
  { question: 'In which direction does the sun rise?', lead: 'The sun rises in the' },
  { question: 'Which language do people speak in Germany?', lead: 'In Germany people speak' },
  { question: 'What falls from the clouds on a wet day?', lead: 'On a wet day the clouds bring' },
  { question: 'Who looks after the sick in a hospital?', lead: 'In a hospital the sick are looked after by' },
  { question: 'Which letter comes first in the alphabet?', lead: 'The first letter of the alphabet is' },
  { question: 'What do birds use to fly?', lead: 'Birds fly with their' },
  { question: 'Which country is the largest by area?', lead: 'By area the largest country is' },
  { question: 'How many hours does a day have?', lead: 'A day has' },
  { question: 'Which metal do magnets attract?', lead: 'Magnets attract' },
]
