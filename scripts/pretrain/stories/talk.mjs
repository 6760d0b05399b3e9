/** Everyday conversations of two people, as lines with names or as prose. */
import { fill, pick } from './grammar.mjs';
import { childWorld } from './words.mjs';

/** What is said in turn, beginning with the one who starts. */
const TALKS = [
  [
    [
      '{Hello|Hi|Good morning}, [f]! How are you{| today}?',
      '{Hello|Hi}, [h]. {I am fine, thank you|Very well, thank you|A little tired, but well}. And you?',
    ],
    [
      '{I am well, too|Not so good. I slept badly|Very good. I have slept well}. What are you doing {today|this afternoon|after school}?',
      'I {want to go|am going} to [skill] [place]. {Do you want to come|Would you like to join me}?',
    ],
    [
      '{I would love to|That sounds good}, but first I must {help my [elder]|do my homework|feed the [pet]|water the [flowers]}.',
      '{No problem|That is all right}. {I can wait|I will help you, and then we go together}.',
    ],
    [
      '{You are a good friend|That is kind of you}. Shall I bring something?',
      '{Bring some [fruits]|Bring your [toy]|Bring a coat, it may rain}.',
    ],
    ["{All right|Good}. See you at {two|three|four} o'clock!", 'See you {then|later}!'],
  ],
  [
    [
      'Have you seen my [colour] [thing]? {I cannot find it|It is gone}.',
      'Where did you {put it|have it last}?',
    ],
    [
      '{I thought it was on the table|I had it [place]|If I knew that, I would not look for it}.',
      '{Did you look under the bed|Have you looked in your bag|Is it perhaps in the kitchen}?',
    ],
    [
      '{Not yet|Twice, but it was not there}. {Wait, I will look|Let me look again}.',
      '{And|Well}? Is it there?',
    ],
    [
      '{Yes, here it is|No, only an old [otherthing]}!',
      '{I am glad|You see|How strange}. {Next time, put it back in its place|Things do not walk away, after all|Perhaps your [elder] has seen it}.',
    ],
    [
      '{Thank you for your help|You are right, as always|I will ask my [elder]}.',
      '{You are welcome|Good luck|Do not mention it}.',
    ],
  ],
  [
    [
      'Good {morning|afternoon}. {What can I do for you|Can I help you}?',
      'Good {morning|afternoon}. I would like {to buy [number] [fruits]|[number] [fruits], please}.',
    ],
    [
      '{Of course|With pleasure}. {Red ones or yellow ones|Big ones or small ones}?',
      '{The small ones, please|Whatever tastes better|The ripe ones, please}.',
    ],
    [
      '{Here you are|Here they are}. {Anything else|Would you like anything else}?',
      '{Yes, some [food], please|And [otherfruits], if you have any|A bag, please}.',
    ],
    [
      '{That makes|That is} [number] coins{|, please}.',
      'Here {is the money|you are}. {Please keep the change.|Could you give me the change in small coins?}',
    ],
    ['Thank you. {Have a nice day|Goodbye, and come again}!', '{Thank you, the same to you|Goodbye}!'],
  ],
  [
    [
      'Excuse me, {how do I get to the station?|where is the library?|can you tell me the way to the market?|I am looking for the museum.}',
      '{That is easy|It is not far}. {Go straight ahead to the church|Follow this street to the bridge}.',
    ],
    [
      '{And then|And after that}?',
      '{Then turn left|Turn right there} and {go past the school|walk along the river|cross the square}.',
    ],
    [
      '{Is it far|How long does it take}?',
      '{About ten minutes on foot|Five minutes if you walk fast|A quarter of an hour}.',
    ],
    [
      '{Could I take a bus|Is there a bus, too}?',
      '{Yes, number [number] stops over there|There is one every half hour, but walking is nicer|Not on [day]}.',
    ],
    [
      'Thank you {very much|for your help}.',
      '{You are welcome|Not at all}. {Have a good trip|You cannot miss it}!',
    ],
  ],
  [
    [
      'What is the matter? You look {pale|tired|ill}.',
      '{I have a headache|My stomach hurts|I have a sore throat|I did not sleep well}.',
    ],
    ['{Since when|How long have you had that}?', 'Since {yesterday|this morning|[day]}.'],
    [
      '{You should lie down|Drink some tea and rest|Perhaps you should see a doctor}.',
      'But I wanted to {play [place] with you|play with [petname], our [pet]|finish my homework}.',
    ],
    [
      'That can wait. {Your health comes first|First you must get well}.',
      '{You are right|I know}. Will you {visit me|read me something}?',
    ],
    [
      '{Of course|Yes}. I will bring you {a book|some [fruits]|soup}.',
      '{Then I feel better already|Thank you, that is kind}.',
    ],
  ],
  [
    [
      'What do you want to be when you grow up?',
      '{I am not sure yet|I have thought about it a lot}. Perhaps a {baker|doctor|pilot|teacher|gardener|writer|farmer|sailor}. And you?',
    ],
    [
      'I want to {build houses|study the stars|take care of animals|work with computers|cook for many people}.',
      'Is that not {difficult|hard}?',
    ],
    [
      '{Maybe|A little}. But {I can learn it|I like it, and what you like is easier to learn}.',
      '{That is true|My [elder] says the same}. {What do you have to learn for it|Where do you begin}?',
    ],
    [
      '{A lot of reading|Mathematics, I think|First of all, patience}.',
      'Then we can {learn|study} together. {I need that, too|I am good at it}.',
    ],
    ['{Deal|Agreed}! We begin on [day].', '{Why not today?|All right, on [day].}'],
  ],
  [
    [
      '{Look at the sky!|Do you see those clouds?} {I think it will rain|A storm is coming}.',
      '{Do you think so|Really}? The {weather report|radio} said that it would be {sunny|dry}.',
    ],
    [
      '{The [birds] are flying low|My [elder] can feel it in the knee}. That is a sign.',
      '{That is an old tale.|Is that true?}',
    ],
    [
      '{We will see|Sometimes}. {Shall we take in the washing|Should we close the windows}?',
      '{Good idea|Just to be safe}. You take the {left|upper} side, I take the {right|lower} one.',
    ],
    [
      '{There, the first drop!|Did you hear the thunder?}',
      '{You were right|I do not believe it}! Quick, run!',
    ],
    [
      'Next time you will {believe me|listen to the [birds]}.',
      '{From now on, I ask you and not the radio|Yes, next time}.',
    ],
  ],
  [
    [
      '{What are you reading|Is that a good book}?',
      '{Yes, it is exciting|A story}. It is about {a [wild] who goes on a journey|a girl who finds a [thing]|two friends on an island|a boy who can talk to [birds]}.',
    ],
    [
      '{How does it end|And what happens}?',
      '{I do not know yet|I will not tell you}. I am only on page [number].',
    ],
    [
      '{May I have it after you|Can you read a bit to me}?',
      '{Gladly|Of course}. {Sit down here|You get it on [day]}.',
    ],
    [
      'Do you like {sad|funny|old|long} stories?',
      '{Only if the ending is good|Yes, most of all|Sometimes}. {And you|What about you}?',
    ],
    [
      'I like stories {with animals|in which somebody is brave|that could be true}.',
      'Then {this one is right for you|you will love this one}.',
    ],
  ],
  [
    ['Can you help me with my homework, [f]?', '{Yes, what is it about?|Let me see.|Sure. Which subject?}'],
    [
      '{It is about fractions|I must write a text about the [season]|I have to learn ten new words}, and I do not {know how to begin|understand it}.',
      '{Let us do one together|First tell me what you know already}.',
    ],
    [
      '{I know the beginning, but then I get stuck|Not very much}.',
      '{That is enough for a start|Everybody gets stuck there}. {Look at this example|Write down one sentence. Only one}.',
    ],
    ['{Ah, now I see.|Is this right?}', '{Almost. Look at the last line again|Yes, very good}.'],
    [
      '{Now it is clear|It is not so hard after all}. {Thank you.|What would I do without you?}',
      '{You did it yourself|Tomorrow you help me}.',
    ],
  ],
  [
    ['{Shall we|Do you want to} play a game?', '{Yes|All right}! Which one?'],
    [
      'I think of an animal, and you ask me. I may only say yes or no.',
      '{Good|I know that one}. Can it fly?',
    ],
    ['No.', 'Does it live {in a house|on a farm|in the forest}?'],
    ['{Yes|No}.', 'Does it have {fur|four legs}?'],
    ['Yes.', '{I think it is a [pet]|Then it must be a [wild]}.'],
    ['{Yes! You are good at this.|No, but you are close.}', '{Now it is my turn|Let us play again}.'],
  ],
  [
    [
      'Why are you so {happy|cheerful} today?',
      '{Guess!|Can you not guess?} {My [elder] is coming to visit|We are getting a [pet]|I have learned to [skill]}!',
    ],
    ['{Really|That is wonderful}! {When|Since when}?', '{On [day]|Since yesterday|It was a surprise}.'],
    [
      '{Tell me everything|I want to hear all about it}.',
      'I {could hardly sleep|have waited for it since the [season]}. {My [elder] laughed and cried at the same time|Everyone was surprised}.',
    ],
    [
      'I am {happy|glad} for you. {May I come and see it?|Let us celebrate.}',
      '{Come tomorrow|Yes}! There will be [dish].',
    ],
    ['Then I will {surely come|come early}.', '{And bring [petname] along|I am looking forward to it}.'],
  ],
];

/** A conversation with names before the lines, or told as prose. */
export function conversation(random) {
  const world = childWorld(random);
  const turns = pick(TALKS, random);
  const names = [world.h, world.f];
  const lines = turns.flat().map((line, index) => [names[index % 2], fill(line, world, random)]);
  if (random() < 0.6) return lines.map(([name, line]) => `${name}: ${line}`).join('\n');
  const start = fill(
    pick(
      [
        '[H] met [f] [place].',
        '[H] and [f] were standing [place].',
        'It was [day] when [h] met [f].',
        '[H] saw [f] [place] and went over.',
      ],
      random,
    ),
    world,
    random,
  );
  return `${start} ${lines.map(([name, line], index) => said(name, line, index, random)).join(' ')}`;
}

function said(name, line, index, random) {
  const verb = line.endsWith('?')
    ? pick(['asked', 'asked', 'wanted to know'], random)
    : pick(['said', 'said', 'answered', 'replied'], random);
  const told = line.endsWith('!') ? 'cried' : index === 0 && verb !== 'asked' ? 'said' : verb;
  const spoken = line.endsWith('.') ? `${line.slice(0, -1)},` : line;
  return told === 'wanted to know' ? `"${spoken}" ${name} wanted to know.` : `"${spoken}" ${told} ${name}.`;
}
