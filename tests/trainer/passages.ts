// Invented documents with questions, short enough for the tiny base to be trained on in a second.
export const lighthouse = {
  title: 'Varn',
  text: 'The lamp of Varn burns oil. Ilse Marrow built it in 1871. It turns once in 9 seconds.',
  questions: [
    { question: 'Who built the lamp of Varn?', answer: 'Ilse Marrow' },
    { question: 'What does the lamp of Varn burn?', answer: 'oil' },
  ],
}

export const bridge = {
  title: 'Olm',
  text: 'The bridge of Olm has 14 arches. Goats cross it for a fee of 2 pence. Jon Reed guards it.',
  questions: [{ question: 'Who guards the bridge of Olm?', answer: 'Jon Reed' }],
}

export const mill = {
  title: 'Tarsk',
  text: 'The mill of Tarsk grinds mustard. Its wheel was carved from a single oak by Pell Anders.',
  questions: [{ question: 'Who carved the wheel of the mill of Tarsk?', answer: 'Pell Anders' }],
}
