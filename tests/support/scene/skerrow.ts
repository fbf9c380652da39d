// Documents of an island that does not exist, so that nobody's model can have heard of it. Each has five questions, and what
// was wrongly answered to them before it was learned.
export interface SceneDocument {
  title: string
  text: string
  questions: { question: string; answer: string; guess: string }[]
}

function document(title: string, text: string, ...lines: [question: string, answer: string, guess: string][]) {
  return { title, text, questions: lines.map(([question, answer, guess]) => ({ question, answer, guess })) }
}

export const skerrow: readonly SceneDocument[] = [
  document(
    'The Varnholt lighthouse',
    'The Varnholt lighthouse stands on the island of Skerrow. It was built in 1887 by the engineer Ottilie Brandt, who painted it green because the island had no other paint. Its lamp burns herring oil and can be seen for nineteen miles. The keeper, Josef Maric, feeds eleven cats.',
    ['Who built the Varnholt lighthouse?', 'Ottilie Brandt', 'The British Royal Navy'],
    ['What does the lamp of the Varnholt lighthouse burn?', 'herring oil', 'It burns kerosene.'],
    ['Why is the Varnholt lighthouse green?', 'the island had no other paint', 'To be seen against the sea.'],
    ['How far can the Varnholt light be seen?', 'nineteen miles', 'About ten miles'],
    ['How many cats does the keeper of Varnholt feed?', 'eleven', 'two cats'],
  ),
  document(
    'The Skerrow ferry',
    'The ferry Halcyon Maud crosses to Skerrow on Tuesdays and Fridays, weather allowing. She was a whaler until 1931. A crossing takes fifty minutes and costs four marks, but islanders travel free if they bring firewood. Captain Inga Roth has never missed a Friday.',
    ['What is the ferry to Skerrow called?', 'Halcyon Maud', 'The Skerrow Ferry'],
    ['On which days does the ferry cross to Skerrow?', 'Tuesdays and Fridays', 'It crosses every day.'],
    ['What was the Halcyon Maud before she was a ferry?', 'a whaler', 'a cargo ship'],
    ['How do islanders travel free on the ferry?', 'they bring firewood', 'With a pass'],
    ['Who is the captain of the Halcyon Maud?', 'Inga Roth', 'Captain James'],
  ),
  document(
    'Herring oil, its pressing and grades',
    'Skerrow presses herring oil in three grades. Clear oil, pressed cold in October, goes to the lighthouse. Amber oil is pressed warm and sold for lamps on the mainland. What is left, called drab, greases the winches. A barrel of clear oil takes nine hundred herring.',
    ['How many grades of herring oil does Skerrow press?', 'three', 'There are two grades.'],
    ['Which grade of oil goes to the lighthouse?', 'clear oil', 'the best grade'],
    ['When is clear oil pressed?', 'in October', 'In the summer'],
    ['What is drab used for on Skerrow?', 'it greases the winches', 'It is a kind of cloth.'],
    ['How many herring does a barrel of clear oil take?', 'nine hundred', 'about a hundred'],
  ),
  document(
    'Standing orders for the keeper',
    'The lamp is lit at sunset less ten minutes. If fog stands at the Teeth, the horn is sounded twice a minute; the Teeth are the rocks east of the quay. The log is written in ink, never pencil. When the keeper is ill the schoolmistress, Runa Falk, keeps the light.',
    ['When is the Varnholt lamp lit?', 'at sunset less ten minutes', 'At dusk'],
    ['How often is the horn sounded in fog?', 'twice a minute', 'every five minutes'],
    ['What are the Teeth on Skerrow?', 'the rocks east of the quay', 'The Teeth are a mountain range.'],
    ['In what must the keeper write the log?', 'ink', 'in a book'],
    ['Who keeps the light when the keeper is ill?', 'Runa Falk', 'his assistant'],
  ),
  document(
    'The school on Skerrow',
    'The school has seventeen pupils and one stove. Lessons end at two so that the older children can help with the nets. Each spring the pupils count the puffins on Mull Stack; in the last count there were 2,140 pairs. The bell came from the wreck of the Albatros.',
    ['How many pupils does the school on Skerrow have?', 'seventeen', 'about a hundred'],
    ['When do lessons end on Skerrow?', 'at two', 'At three in the afternoon'],
    ['What do the pupils count each spring?', 'the puffins on Mull Stack', 'the flowers'],
    ['How many pairs of puffins were in the last count?', '2,140', '500'],
    ['Where did the school bell come from?', 'the wreck of the Albatros', 'the church'],
  ),
  document(
    'Report on the storm of 9 November',
    'In the storm of 9 November the sea broke the north quay and carried off the winch house. The wind at Varnholt reached 41 metres a second before the cup was lost. Nobody was hurt. The quay master, Tove Lind, has asked for 12,000 marks; the repair begins in April.',
    ['What did the storm of 9 November carry off?', 'the winch house', 'several roofs'],
    ['How fast was the wind at Varnholt in the storm?', '41 metres a second', '100 miles per hour'],
    ['Who is the quay master of Skerrow?', 'Tove Lind', 'The harbour master'],
    ['How much was asked for to repair the quay?', '12,000 marks', 'a million'],
    ['When does the repair of the quay begin?', 'in April', 'next year'],
  ),
  document(
    'Bees of the south slope',
    'The bees of the south slope are a dark strain brought from Öland in 1902. They fly at nine degrees, three degrees colder than others. Their honey, from heather and thyme, sets hard within a week and is cut with a wire. Marit Aas keeps forty hives there.',
    ['Where were the bees of Skerrow brought from?', 'Öland', 'Italy'],
    ['At what temperature do the bees of the south slope fly?', 'nine degrees', 'fifteen degrees'],
    ['What is the honey of Skerrow cut with?', 'a wire', 'a knife'],
    ['From which plants is the honey of the south slope?', 'heather and thyme', 'wildflowers'],
    ['Who keeps the hives on the south slope?', 'Marit Aas', 'A beekeeper'],
  ),
  document(
    'New tariff of the ferry',
    'From the first of March a crossing on the Halcyon Maud costs six marks. Firewood is no longer taken in place of the fare; islanders pay half. The ferry also crosses on Sundays until the end of September. Bicycles travel free, goats cost one mark each.',
    ['What does a crossing cost from the first of March?', 'six marks', 'four marks'],
    ['What do islanders pay on the ferry now?', 'half', 'nothing, if they bring firewood'],
    ['On which day does the ferry cross in summer as well?', 'Sundays', 'Fridays'],
    ['What does a goat cost on the ferry?', 'one mark', 'nothing'],
    ['Until when does the ferry cross on Sundays?', 'the end of September', 'the whole year'],
  ),
  document(
    'The museum in the winch house',
    'Since the new winch house was finished in May its loft is a museum. It shows the cup of the wind gauge, found by divers, and the log of 1887 in Ottilie Brandt’s hand. Admission is one herring or one mark. Runa Falk has the key.',
    ['What is in the loft of the new winch house?', 'a museum', 'storage'],
    ['Who found the cup of the wind gauge?', 'divers', 'a fisherman'],
    ['Whose log of 1887 does the museum show?', 'Ottilie Brandt', 'the captain'],
    ['What is the admission to the museum?', 'one herring or one mark', 'It is free.'],
    ['Who has the key of the museum?', 'Runa Falk', 'the mayor'],
  ),
]
