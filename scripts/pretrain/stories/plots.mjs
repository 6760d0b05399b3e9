/**
 * Plots of stories for children: each is a list of steps, each step a list of ways to say it, filled in by grammar.mjs.
 *
 * `h` is the hero and `f` the friend; pronouns of the friend begin with f, of the elder with e, of the neighbour with n.
 * A plot may want certain seasons, and animals of certain kinds; `asks` has questions that every way of telling it answers.
 */
import { ANY, BIG, BUSY, HUNGRY, LIGHT_HEARTED, QUICK, SLOW, SMALL } from './words.mjs';

const WARM = ['spring', 'summer', 'autumn'];

export const OPENINGS = [
  '{Once there was|There once was|There was once} a [trait] [kid] {named|called} [h] who lived in [home].',
  '[H] was [age] years old and lived in [home] with [his] [elder].',
  '[H] was a [trait] and [othertrait] [kid].',
  'In [home] lived a [kid] {named|called} [h].',
  'It was a {fine|quiet|bright|long} day in [season]. [weather]',
  'It was {early in the morning|late in the afternoon|just after breakfast}. [weather]',
  'One {morning|afternoon|day} in [season], [h] {went outside early|put on [his] shoes|looked out of the window|woke up early}. [weather]',
  '{Last|One} [season], {something happened to [h]|[h] learned something new|[h] had a {small|real} adventure}. [weather]',
  '',
];

export const ENDINGS = [
  '[H] never forgot it.',
  '[H] {still likes to tell|often tells} this story.',
  'If you {ask|meet} [h], [he] will tell you all about it.',
  'And that is {the end of the story|how it {was|happened}}.',
  '',
  '',
  '',
  '',
  '',
  '',
];

export const ANIMAL_OPENINGS = [
  'Once {there was|upon a time there was} a [trait] [kind] who lived in [home].',
  'In [home] lived a [trait] [kind]. Not far away lived a [othertrait] [other].',
  'A [kind] and a [other] were {neighbours|friends|cousins, or so they said}. {The [kind] lived in [home].|They met every [day].}',
  'It was a {fine|quiet|bright|long} day in [season]. [weather]',
  'Long ago, when animals could still {talk|speak}, there lived a [kind] and a [other].',
];

export const CHILD_PLOTS = [
  // Something is lost and found again.
  {
    asks: [
      ['What did [h] lose?', '[H] lost [his] [colour] [toy].'],
      ['What colour was the [toy]?', 'The [toy] was [colour].'],
      ['How did [h] feel at the end?', '[H] was {happy|glad}, because the [toy] was found.'],
    ],
    steps: [
      [
        '[H] had a [size] [colour] [toy], and [he] took it everywhere.',
        "[H]'s {favourite|dearest} thing was a [colour] [toy]. {It was a gift from [his] [elder].|[His] [elder] had made it.}",
        'For [his] birthday, [h] had got a [colour] [toy], and [he] {loved it|played with it every day|was very proud of it}.',
      ],
      [
        'One [day], [he] played with it [place]. But when it was time to go home, the [toy] was {gone|nowhere to be seen}.',
        'On [day], [h] went to play with [f] [place]. They ran and laughed so much that [h] forgot the [toy]. {At home|In the evening}, [he] looked for it and could not find it.',
        'One morning, [he] reached for the [toy], but it was not on the shelf. [He] looked under the bed. It was not there{ either|, and it was not behind the door}.',
      ],
      [
        '"Where {is my [toy]|can my [toy] be}?" [h] {cried|asked|said}. [He] felt very [sorrow].',
        '[H] was so [sorrow] that [he] {did not want to eat|could not sleep|sat down and cried a little}.',
        '[H] looked [place] and then [otherplace], but there was no [toy].',
      ],
      [
        '"{Let us think|Do not worry|Stay calm}," said [his] [elder]. "Where did you {see it last|have it last|last play with it}?"',
        '"I will help you look," said [f]. "Two people see more than one."',
        '[F] asked, "Did you have it when we {sat on the wall|ate our lunch|climbed the tree|fed the ducks}?" [H] {thought hard|nodded slowly|tried to remember}.',
      ],
      [
        'They went back together and looked {behind every bush|under every bench|along the whole path}. At last [f] {saw something [colour]|pointed at something [colour]} in the grass. It was the [toy]!',
        'Then [h] remembered. [He] had put the [toy] {into [his] bag|under [his] coat|on the window sill} so that it would not get wet. And there it was!',
        'A [pet] was sitting next to the old [tree], and in front of it lay the [toy]. The [pet] had kept it {warm|safe}.',
      ],
      [
        '[H] {hugged|thanked} [f]. "{Thank you|I am so lucky}! From now on I will {look after it better|put it back in its place every day|take better care of my things}."',
        '[H] was [joy]. {From that day on|After that}, [he] always put the [toy] in the same place.',
        '"{You found it because you did not give up|A thing that has a place is easy to find}," said [his] [elder].',
      ],
    ],
  },
  // Something is broken, and the truth is told.
  {
    asks: [
      ['What did [h] do after the crash?', '[H] told the truth to [his] [elder].'],
      ['Why was [his] [elder] glad?', '[His] [elder] was glad because [h] told the truth.'],
    ],
    steps: [
      [
        '[H] was playing with a [toy] in the {kitchen|living room|hall}, although [his] [elder] had said, "Please play outside."',
        '[H] wanted to {reach the cookies|see what was on the high shelf|dust the shelf as a surprise}, so [he] climbed on a chair.',
        '[H] and [f] ran through the house. "{Catch me if you can|You cannot catch me}!" shouted [f].',
      ],
      [
        'Suddenly there was a loud crash. {A [colour] vase lay on the floor in many pieces.|The big [colour] bowl had fallen and was broken.}',
        'Crash! The [colour] {jug|lamp|plate|vase} fell to the floor and broke.',
        'There was a {bang|crash}, and then it was very quiet. The [colour] {teapot|jar|lamp} lay in pieces on the floor.',
      ],
      [
        '[H] {stood still|held [his] breath|turned pale}. "What shall I do?" [he] thought. "{I could hide the pieces|I could say that the cat did it|Nobody saw me}."',
        '"Nobody has seen it," [h] thought. "{I could say it was the wind|I could run away}." But [his] stomach {hurt|felt heavy} at the thought.',
      ],
      [
        '[H] thought about it for a {minute|long time}. Then [he] went to [his] [elder] and said, "{I broke it|It was my fault}. I am {very|so} sorry."',
        'When [his] [elder] came {in|home}, [h] did not wait. "I {broke|have broken} something," [he] said. "{It was an accident, but it was my fault|I did not listen to you, and I am sorry}."',
      ],
      [
        '[His] [elder] was quiet for a moment. Then [ehe] said, "I am {sad about it|not happy about it}, but I am glad that you told me the truth."',
        '"{Thank you for telling me|It takes courage to say that}," said [his] [elder]. "{A thing can be replaced. Trust is harder to mend.|Things break. What matters is what we do next.}"',
      ],
      [
        'Together they {swept up|picked up} the pieces{| and glued them together|, and nobody cut a finger}. The next day, [h] {bought a new one with [his] own money|used [his] pocket money to help buy a new one|made a card that said "Sorry"}.',
        '[H] {fetched the broom|got the brush} and cleaned the floor. {[He] felt much lighter.|After that, [he] felt better than before.}',
      ],
    ],
  },
  // Food is shared with a hungry animal.
  {
    asks: [
      ['What animal did [h] meet?', '[H] met a hungry [stray].'],
      ['What was the [stray] called in the end?', 'It was called [petname].'],
      ['What did [h] do with [his] lunch?', '[H] shared [his] lunch with the [stray].'],
    ],
    seasons: WARM,
    steps: [
      [
        '[H] sat [place] and unpacked [his] lunch: some [food], a [fruit] and a bottle of {water|milk|juice}.',
        'At noon, [h] was hungry. [His] [elder] had given [him] {a lunch box with some [food]|a bag with some [food]} and two [fruits].',
      ],
      [
        'Then [he] heard a {small|quiet|thin} sound behind [him]. A {thin|small|wet|tired} [stray] {was looking at [him]|stood in the grass|came out of the bushes}.',
        'A {thin|lonely|dirty} [stray] came closer, step by step. It had no collar, and it looked very hungry.',
      ],
      [
        '"Are you hungry?" asked [h]. The [stray] {did not answer, of course, but it did not go away|took one step closer}.',
        '[H] looked at [his] lunch and then at the [stray]. {"I had a big breakfast," [he] said. "You had none."|It was not much for two, but it was enough.}',
      ],
      [
        '[H] broke the lunch into two parts and put one {part|half} on the ground. The [stray] ate {everything|it all} in {a minute|no time}.',
        'Slowly, [h] held out {[his] hand|some of the food}. The [stray] {sniffed|waited a little}, and then it ate.',
      ],
      [
        'When [h] went home, the [stray] {walked behind [him]|followed [him] all the way}. "{May we keep it|Can it stay with us}?" [he] asked. [His] [elder] {thought about it|smiled} and said, "First we must ask {if somebody misses it|whose it is}."',
        'The next day, [h] came back, and the [stray] was {already waiting|there again}. [He] told [his] [elder] about it, and together they asked in the whole street. Nobody knew whose it was.',
      ],
      [
        'Nobody had lost a [stray]. So it stayed, and [h] called it [petname]. Every {morning|evening}, [h] {brings [petname] fresh water|gives [petname] something to eat}.',
        'After a week, the [stray] had a name. It was called [petname], and it {slept at the foot of the bed|had a warm place by the stove|was not thin any more}.',
      ],
    ],
  },
  // A new child.
  {
    asks: [
      ['Who was new?', '[F] was new.'],
      ['Who was kind to [f]?', '[H] was kind to [f].'],
    ],
    steps: [
      [
        '{On [day]|One morning}, {a new [fkid] came into the classroom|there was a new [fkid] at school}. [Fhis] name was [f]. [F] had moved here from {a city far away|another country|the other side of the mountains|a village by the sea}.',
        '[F] was new in {the street|town|the class}. [Fhe] did not know anybody and stood alone {by the wall|at the gate|near the door}.',
      ],
      [
        'At first nobody {spoke to [fhim]|knew what to say}. [F] looked at [fhis] shoes.',
        'The other children played [place], but [f] only watched.',
      ],
      [
        '[H] remembered {how it felt to be new|[his] own first day}. [He] {went over|walked up to [f]} and said, "Hello, I am [h]. Do you want to {play with us|sit with me|see my [toy]}?"',
        '[H] saw that [f] was alone. "{Do you like [fruits]?|Would you like half of my [fruit]?}" [he] asked. "I have {two|more than I can eat}."',
      ],
      [
        '[F] {smiled for the first time that day|nodded|looked up}. "{Yes, please|I would like that}," [fhe] said{| in a quiet voice}.',
        '"{Thank you|That is kind of you}," said [f]. "I thought that nobody would {talk to me|like me} here."',
      ],
      [
        'It turned out that [f] could [skill]. "{Will you teach me|Can you show me how}?" asked [h]. "{Of course|If you teach me your games}," said [f].',
        '[F] told [h] about {[fhis] old home|the place [fhe] came from}, where {there was a [tree] in front of every house|the winters were {much colder|very mild}|you could hear the sea at night}. [H] showed [f] {the best place to climb|where the {frogs|ducks} lived|the way to the library}.',
      ],
      [
        'By the end of the week, {they did everything together|you never saw one of them without the other}.',
        '"Today {was my first day|I was afraid}," [f] said later, "{but it was a good one|but now I am not}."',
      ],
    ],
  },
  // Rain comes by surprise.
  {
    asks: [
      ['Why did they get wet?', 'They got wet because it began to rain.'],
      ['Who were the two friends?', 'The two friends were [h] and [f].'],
    ],
    seasons: WARM,
    steps: [
      [
        '[H] and [f] wanted to have a picnic [place]. They packed some [food], [fruits] and a blanket.',
        '[H] had planned to fly a kite [place] with [f]. "{The sky is blue|There is not one cloud}," [he] said. "We {need no coats|can leave the umbrella at home}."',
      ],
      [
        'They had just {sat down|begun} when a {big grey|dark} cloud {covered the sun|came over the hill}. "{That looks like rain|I felt a drop}," said [f].',
        'But {at noon|after an hour}, the wind {turned cold|grew stronger}, and the first {heavy|fat} drops fell.',
      ],
      [
        'Then it rained {hard|very hard|as if somebody had turned a bucket over}. They ran {to a big [tree]|under the roof of an old shed|under the bridge}, but they were already wet.',
        '"Run!" {shouted|cried} [h]. They {held the blanket over their heads and ran|ran as fast as they could} to {the nearest barn|a small hut|the bus stop}.',
      ],
      [
        'At first [h] was {angry|[sorrow]}. "{Our whole day is spoiled|Now everything is wet}," [he] said. {But|Then} [f] began to laugh. "{You look like a wet [pet]|There is a leaf on your nose}!"',
        '[H] was [sorrow], but [f] said, "{Listen to the rain on the roof. It sounds like a drum.|We still have the food. Let us eat here!}"',
      ],
      [
        'So they {ate|had} their picnic right there, and they {told each other stories|counted the drops|sang every song they knew} until the rain stopped.',
        'They {made little boats of leaves and let them swim in the puddles|jumped from one puddle to the next until their shoes were full of water}. It was {more fun than the plan|the best part of the day}.',
      ],
      [
        'When the sun came back, a rainbow stood over the {fields|roofs|river}. "{Without the rain we would not have seen that|See? It was not such a bad day}," said [f].',
        '{Since then|After that}, [h] always takes {an umbrella|a coat} along, but [he] is never angry about rain.',
      ],
    ],
  },
  // Learning something hard.
  {
    asks: [
      ['What did [h] want to learn?', '[H] wanted to learn to [skill].'],
      ['How did [h] learn it in the end?', '[H] practised a little every day until it worked.'],
    ],
    steps: [
      [
        '[H] wanted to learn to [skill]. All of [his] friends could do it{|, and [f] was the best of them}.',
        '"When I am grown up, I want to [skill] better than anyone," said [h]. But [he] could not do it at all yet.',
      ],
      [
        'On the first day, it {went wrong|did not work} again and again. "{This is too hard for me|I will never learn it}," said [h] and {stamped [his] foot|sat down}.',
        '[He] tried it once. [He] tried it twice. Each time, {something went wrong|it did not work}.',
      ],
      [
        '"Everybody begins like that," said [his] [elder]. "{I needed a whole [season] to learn it|I made the same mistakes when I was small}. Try it {slowly|a little slower}."',
        '[F] said, "{Do not think about all of it at once|Do only the first part today}. {Begin with one small step|Tomorrow you can do the next}."',
      ],
      [
        'So [h] practised {every day|every afternoon|before school and after school}, even when {it was cold|[he] was tired|it was boring}. Some days were good, and some days were bad.',
        '{For two weeks|For a month}, [h] practised [doing] a little every day. [He] made mistakes, but each time they were {smaller|other} mistakes.',
      ],
      [
        'Then, one [day], {it worked|it happened}! "Look at me!" [he] shouted. "I can do it!"',
        'One {morning|evening}, without thinking about it, [he] did everything right. [H] could hardly believe it.',
      ],
      [
        '"You see," said [his] [elder], "{you did not become good in one day, but a little every day|practice is stronger than talent}."',
        'Now, when [f] or somebody else says "I cannot do that," [h] answers, "You cannot do it yet."',
        '[H] was [joy]. "What shall I learn next?" [he] asked.',
      ],
    ],
  },
  // Helping a neighbour.
  {
    asks: [
      ['Whom did [h] help?', '[H] helped [n].'],
      ['Was [n] young or old?', '[N] was old.'],
    ],
    steps: [
      [
        '[N] lived {next door to|across the street from} [h]. [Nhe] was old and {walked with a stick|could not see well|lived alone}.',
        'On the way {home from school|to the shop}, [h] met [n], who was carrying {two heavy bags|a big basket of potatoes}.',
      ],
      [
        '"Can I help you?" asked [h]. "{That would be kind|You are very kind}," said [n]. "{My back hurts|These stairs are steep} today."',
        '[H] {wanted to go and play|was in a hurry}, because [f] was waiting. But {then [he] turned around|[he] thought again}. "Let me {carry that|help you}," [he] said.',
      ],
      [
        '[H] carried the {shopping|potatoes} up the stairs, {watered the [flowers]|fed the [pet]} and {brought out the rubbish|read the newspaper aloud}.',
        'Together they {raked the leaves|swept the path|cleared the snow} in front of the house. While they worked, [n] told [h] how {the street had looked|children had played} {fifty|sixty} years ago.',
      ],
      [
        'Then [n] {made tea|cut a piece of cake} and showed [h] an old photograph. "{This is me when I was as old as you|That is my brother, and that is me}," [nhe] said. "We {had no car and no telephone|walked five miles to school}, but we had a lot of fun."',
        '"When I was as young as you," said [n], "I had a [colour] [toy]{ just like yours|, and I never let go of it}."',
      ],
      [
        '[H] stayed for an hour and forgot the time. "May I come again?" [he] asked. "{Whenever you like|The door is always open}," said [n].',
        '{After that|From that day on}, [h] visited [n] every [day]. Sometimes [f] came along.',
      ],
      [
        '"I wanted to help [n]," [h] told [his] [elder], "but I think [nhe] helped me, too."',
        '"A good neighbour is worth more than gold," said [his] [elder].',
      ],
    ],
  },
  // A seed is planted.
  {
    asks: [
      ['What kind of seed did [h] plant?', '[H] planted a [vegetable] seed.'],
      ['Why did [h] have to be patient?', 'A seed needs time to grow under the ground.'],
    ],
    seasons: WARM,
    steps: [
      [
        '[H]\'s [elder] gave [him] a {small|tiny} [vegetable] seed. "Plant it and be patient," [ehe] said.',
        'At the market, [h] saw a bag of [vegetable] seeds. It cost {only one coin|very little}, so [he] bought it.',
      ],
      [
        '[H] dug a hole in the {garden|flower bed behind the house|big pot on the balcony}, put in the seed, covered it with earth and gave it water.',
        '[He] filled a pot with soft {black|brown} earth, made a hole with one finger, and dropped in the seed.',
      ],
      [
        'The next {day|morning}, [he] ran out to look. There was nothing but earth. The day after, there was nothing {either|still}. "{It must be a bad seed|It is broken}," said [h].',
        'A week went by, and nothing happened. "Perhaps it is {asleep|dead}," said [f]. [H] wanted to dig it up and look.',
      ],
      [
        '"Give it time," said [his] [elder]. "It is working under the ground, where you cannot see it."',
        '"If you dig it up, it cannot grow," said [his] [elder]. "Water it and wait."',
      ],
      [
        'Then, one morning after a {warm night|soft rain}, a {small|thin} green point looked out of the earth. [H] called everyone to see it.',
        'After {ten|twelve} days, there was a little green leaf, and the next day there were two.',
      ],
      [
        'By the end of the {season|year}, the plant was {as high as [h]|taller than the fence}, and they all ate what had grown on it. "It began with a seed as small as a crumb," said [h].',
        'The plant grew and grew. [H] gave some of its seeds to [f]. "Plant them," [he] said, "and be patient."',
      ],
    ],
  },
  // A fear.
  {
    asks: [
      ['What was [h] afraid of?', '[H] was afraid of [fear].'],
      ['What did [h] find out?', '[H] found out that [truth].'],
    ],
    steps: [
      [
        '[H] was not afraid of many things, but [he] was afraid of [fear].',
        'There was one thing that [h] did not like to talk about: [he] was afraid of [fear].',
        '"{You need not be afraid|It is not so bad}," everyone said. But [h] was afraid of [fear].',
      ],
      [
        'When the others {laughed about it|noticed it}, [h] {said nothing and went away|turned red}.',
        'Whenever [he] thought of it, [his] heart beat fast and [his] hands were cold.',
      ],
      [
        '"Everybody is afraid of something," said [f]. "I am afraid of {geese|lifts|clowns|wasps|losing my way}." [H] was surprised. [F] always looked so {calm|brave}.',
        '[His] [elder] sat down next to [him]. "Being brave does not mean that you have no fear," [ehe] said. "It means that you {take one small step|try it} although you are afraid."',
      ],
      [
        'So [h] decided to take one small step. "{Today|The first time} I will only [dare]," [he] said. "You can hold my hand."',
        '"Will you stay with me?" asked [h]. "{Of course|The whole time}," said [f]. Then [h] {took a deep breath|counted to three} and began to [dare].',
      ],
      [
        'It was {not easy|hard at first}. But nothing bad happened, and [h] {noticed|saw} that [truth].',
        '[His] knees {shook|were soft}, but [he] did it. And then [he] noticed that [truth].',
      ],
      [
        'The next time, it was {easier|a bit easier}, and the time after that, it was {almost fun|easy}.',
        '[H] still does not love [fear], but [he] is not afraid any more.',
        '"I did it!" said [h]. "I was afraid, and I did it!"',
      ],
    ],
  },
  // Cooking, and something is missing.
  {
    asks: [
      ['What did [h] and [his] [elder] make?', 'They made [dish].'],
      ['Who had what was missing?', '[N] had what they needed.'],
    ],
    steps: [
      [
        'On [day], [h] and [his] [elder] wanted to make [dish] for {[f]|the school festival|[n]|dinner|a birthday}.',
        '"Today we will make [dish], [h]," said [his] [elder]. [H] put on {an apron|a clean apron} and washed [his] hands.',
      ],
      [
        '{First|To begin with}, they read the recipe. {Then|Next}, [h] {weighed the flour|washed the [fruits]|cut the butter into cubes}, while [his] [elder] lit the stove.',
        '[H] stirred, and [his] [elder] added one thing after the other. {Soon there was flour on the table, on the floor and on the cat.|Some of it landed on the floor.}',
      ],
      [
        '"Oh no," said [h]. "There {is no more sugar|are no eggs left|is no salt in the house|is no milk}!" The shop was already closed.',
        'But when [h] opened the {cupboard|jar}, it was empty. "{We cannot go on without it!|What shall we do now?}" [he] asked.',
      ],
      [
        '"Go and ask [n]," said [his] [elder]. [H] ran {next door|across the street} and knocked. "{Of course|With pleasure}," said [n] and filled {a cup|a small bag}. "{Bring me a piece|Let me taste it} when it is done!"',
        'So [h] went from door to door. [N] had what they needed. "Take it," [nhe] said. "{What are neighbours for?|You helped me last week.}"',
      ],
      [
        'When everything was in the oven, a {sweet|wonderful|warm} smell filled the {house|kitchen}. [H] sat in front of the oven and watched the {minutes|clock}.',
        'It took {an hour|forty minutes}. "{Is it ready now?|How much longer?}" asked [h] every five minutes.',
      ],
      [
        'It was a little {burnt at the edge|crooked}, but it tasted {wonderful|very good}. [H] took the {first|biggest} piece to [n].',
        'They cut it into {eight|six|ten} pieces, and nobody left a crumb. "{Food that you share tastes twice as good|We should do this every week}," said [his] [elder].',
      ],
    ],
  },
  // A gift.
  {
    asks: [
      ['For whom was the present?', 'The present was for [f].'],
      [
        'Why did [h] make the present [himself]?',
        '[H] made it [himself] because [he] had very little money.',
      ],
    ],
    steps: [
      [
        "It was [f]'s birthday on [day], and [h] wanted to give [fhim] something special. But [he] had only [number] coins.",
        '[F] had invited [h] to [fhis] birthday party. "What shall I bring?" [h] asked [his] [elder]. "I have {almost no money|only [number] coins}."',
      ],
      [
        '[He] went to the {shop|market} and looked at {everything|all the shelves}. A [colour] [toy] was too expensive, and so was a [thing].',
        'In the shop window stood a [colour] [toy], but it cost {far too much|ten times as much as [h] had}.',
      ],
      [
        '"A gift need not be expensive," said [his] [elder]. "{What can you do well?|What does [f] like?}" [H] thought about it.',
        'On the way home, [h] had an idea. "{I can make something|I will make it myself}," [he] said.',
      ],
      [
        'For {three|four|two} {days|evenings}, [h] {cut, glued and painted|drew and painted|worked in [his] room}. Nobody was allowed to come in. In the end, there was {a book with drawings of everything they had done together|a [colour] {bag|mask|flag} made of paper and cloth|a box with [number] {painted|smooth} stones, each with a wish on it}.',
        '[H] took an old {box|tin|lamp|frame}, cleaned it, painted it [colour] and wrote {a small poem|"For my best friend"} on it.',
      ],
      [
        "At the party, there were {big|many} presents in shiny paper. [H]'s looked very {small|plain} beside them, and [he] felt [sorrow].",
        '[H] was {nervous|afraid that [f] would laugh} when [f] opened the present.',
      ],
      [
        'But [f] {looked at it for a long time|was quiet for a moment}. "{Nobody else could have given me this|You made this for me}," [fhe] said. "It is {my favourite present|the best one}."',
        '"This is {beautiful|wonderful}!" said [f], and [fhe] put it {on [fhis] shelf|next to [fhis] bed}, where it {is|stands} to this day.',
      ],
    ],
  },
  // A lost way.
  {
    asks: [
      ['Who got lost?', '[H] got lost.'],
      ['Where did [h] get lost?', '[H] got lost among the trees.'],
    ],
    seasons: WARM,
    steps: [
      [
        '[H] went into the {forest|wood} to {look for mushrooms|pick berries|see a nest of a [bird]|find a nice stick}. "{Do not go too far|Stay on the path}," said [his] [elder].',
        '[H] followed a [bird] from tree to tree and forgot to look at the path.',
      ],
      [
        'When [he] looked up, everything looked {the same|strange}. There was no path, and the sun was {already low|behind the clouds}.',
        '{After a while|Suddenly}, [he] did not know where [he] was. All the trees looked alike.',
      ],
      [
        '"Hello!" [he] called. "Is anybody there?" Only {the wind|an owl|an echo} answered.',
        '[H] felt tears in [his] eyes. Then [he] remembered what [his] [elder] had said: "If you are lost, {stay calm and think|do not run|listen first}."',
      ],
      [
        'So [h] stood still and listened. Far away, there was the sound of water. "The stream flows to the village," [he] thought. "I {can|will} follow it."',
        '[H] {climbed a hill|climbed onto a rock} and looked around. There, behind the trees, rose a thin line of smoke. "{Where there is smoke, there is a house|That must be our chimney}," [he] thought.',
      ],
      [
        'It was a long way, and the {thorns|branches} scratched [his] arms, but [h] {did not stop|went on step by step}. At last [he] saw {a light|the roof of the first house|the old bridge}.',
        '[H] walked and walked. When it was almost dark, [he] heard a voice. "[H]! Where are you?" It was [his] [elder] with a lantern.',
      ],
      [
        '[His] [elder] held [him] {tight|in [ehis] arms} for a long time. "{I was so worried|I am so glad}," [ehe] said. "I kept calm, as you told me," said [h].',
        '"Next time I will {stay on the path|mark my way with stones|tell you where I am going}," said [h], and then [he] ate three bowls of soup.',
      ],
    ],
  },
  // Something is built together.
  {
    asks: [
      ['What did [h] and [f] build?', 'They built [building].'],
      ['What part did they put on last?', 'The last part was [lastpart].'],
    ],
    seasons: WARM,
    steps: [
      [
        '[H] and [f] wanted to build [building]. They {collected|looked for} [materials].',
        '"Let us build [building]!" said [h]. "{I know how|I have a plan}." [F] brought [materials].',
      ],
      [
        '"I am the leader," said [h]. "No, I am," said [f]. They {argued|quarrelled} until {the morning was over|both of them were tired}, and nothing was built.',
        'They began at once, without a plan. After an hour, everything {fell down|broke apart}.',
      ],
      [
        '"This does not work," said [h] at last. "{You are good at planning, and I am strong|You have good ideas, and I have good hands}. Let us share the work."',
        '"Let us make a drawing first," said [f]. {They drew it|They drew a plan} {in the sand|on the back of an old letter}, and now they could see what was wrong.',
      ],
      [
        'So [h] {held the parts|did the heavy work}, and [f] {measured|put them together}. When one was tired, the other went on.',
        'Now it went {better|well}. [F] {brought what was needed|handed up the parts}, and [h] {fixed everything in its place|put one part on the other}.',
      ],
      [
        'In the evening, only [lastpart] was missing. They put it on together. "{Finished|Done|Hooray}!" they {shouted|cried}.',
        'The last thing was [lastpart]. It did not fit at first, so they {took it off and tried again|turned it around}. Then it was perfect.',
      ],
      [
        '{Everyone in the street|[N]} came to look. "Who built that?" asked [n]. "We did," said [h] and [f] {at the same time|together}.',
        'It was not {perfect|very straight}, but it was theirs, and {it is still there|they were very proud of it}.',
      ],
    ],
  },
  // A lost pet is brought back.
  {
    asks: [
      ['What did [h] find?', '[H] found a [stray].'],
      ['Whose [stray] was it?', 'It belonged to [n].'],
      ['What was the name of the [stray]?', 'Its name was [petname].'],
    ],
    steps: [
      [
        'On [day], [h] found a [stray] [place]. It wore a [colour] ribbon around its neck{, so it must belong to somebody|}.',
        'On the way to school, a [colour] [bird] and a frightened little [stray] sat on the wall. The [bird] flew away, but the [stray] stayed.',
      ],
      [
        '"{What are you doing here|Where do you live}, little one?" asked [h]. [He] would have loved to keep it. [He] had wanted a [stray] for years.',
        '[H] {stroked|petted} it, and it was not afraid. "I could keep you," [h] {whispered|said}. "{Nobody would know|I have always wanted a [stray]}."',
      ],
      [
        'But then [he] thought, "{Somewhere somebody is sad tonight|If you were mine, I would want you back}."',
        'Then [f] showed [him] a {note|sheet of paper} on a tree. It said: "{Have you seen our [stray]? We miss it very much.|Lost: one small [stray]. It is called [petname].}"',
      ],
      [
        '[H] and [f] {went|walked} from house to house and asked. At the {seventh|ninth|last} door, [n] opened. When [nhe] saw the [stray], [nhe] {began to cry for joy|clapped [nhis] hands}.',
        'They brought the [stray] to the address. [N] opened the door. "[petname]!" [nhe] cried. "{You are back|I looked for you everywhere}!"',
      ],
      [
        '"{How can I thank you|What can I give you}?" asked [n]. "{Nothing|You need not give me anything}," said [h]. "But may I {visit [petname]|come and play with [petname]} sometimes?"',
        '[N] gave them {[fruits]|a big piece of cake} and said, "You are honest children."',
      ],
      [
        'So [h] {did not get a [stray]|had no [stray] of [his] own}, but now [he] had {a friend to visit every [day]|two new friends}.',
        'In the spring, [petname] had {three|four} little ones, and [n] gave one of them to [h].',
      ],
    ],
  },
  // A quarrel.
  {
    asks: [
      ['Who quarrelled?', '[H] and [f] quarrelled.'],
      ['What did they quarrel about?', 'They quarrelled about a [toy].'],
    ],
    steps: [
      [
        '[H] and [f] had one [colour] [toy] between them. Both wanted to {have it|play with it} first.',
        '"It is my turn!" said [h]. "No, it is mine!" said [f]. They both pulled at the [toy].',
      ],
      [
        '{They pulled and pulled|Each pulled at one side} until there was a {crack|loud crack}. {Now it was broken.|The [toy] was broken.}',
        '[H] said something {unkind|mean}, and [f] said something worse. Then [f] went home without a word.',
      ],
      [
        '[H] sat alone {in [his] room|on the steps}. At first [he] was angry. Then [he] was only [sorrow]. It is no fun to play alone.',
        'In the evening, [h] could not {eat|sleep}. "{I should not have said that|It was only a [toy]}," [he] thought.',
      ],
      [
        '"What is the matter?" asked [his] [elder]. [H] told [ehim] everything. "{Being right is nice, but having a friend is nicer|The first word is the hardest}," said [his] [elder].',
        '"You could wait until [f] says sorry," said [his] [elder], "or you could be the first."',
      ],
      [
        'The next morning, [h] went to [f] and said, "I am sorry." At the same moment, [f] said, "I am sorry, too." {Then both of them had to laugh.|They looked at each other and laughed.}',
        'So [h] {took a deep breath|went over} and knocked at the door. "{I was wrong|I was unfair}," [he] said. "{So was I|Me too}," said [f]. "{Come in!|Shall we play?|Let us forget it.}"',
      ],
      [
        'They {repaired the [toy] together with glue|made a rule: one has the first turn on even days, and the other on odd days}. After that, {it worked well|they never quarrelled about it again}.',
        '"You have it in the morning, and I have it in the afternoon," said [h]. "{Or we play together|Or both of us, all day}," said [f]. That was the best idea.',
      ],
    ],
  },
  // A hurt animal.
  {
    asks: [
      ['What was wrong with the [bird]?', 'Its wing was hurt, and it could not fly.'],
      ['Who took care of the [bird]?', '[H] took care of the [bird].'],
    ],
    steps: [
      [
        'Under a [tree], [h] found a young [bird]. One of its wings {was hurt|hung down}, and it could not fly.',
        '{After the storm|One cold morning}, [h] heard a weak sound [place]. A small [bird] lay {in the grass|on the ground} and could not move its wing.',
      ],
      [
        '"{Poor little thing|Do not be afraid}," said [h]. [He] {picked it up with both hands|put it into [his] cap} and carried it home{| very slowly}.',
        '[H] ran home and fetched a box with {a soft cloth|dry grass}. [F] held it open while [h] put the [bird] inside.',
      ],
      [
        '"{Will it get well|Can we save it}?" asked [h]. "{Perhaps|We will see}," said [his] [elder]. "It needs rest, water and warmth, and we must not {touch it too often|make noise}."',
        'They took it to [n], who knew a lot about birds. "The wing is not broken," [nhe] said. "In {two|three} weeks it can fly again."',
      ],
      [
        '{Day after day|Every morning and every evening}, [h] gave it {seeds|small worms} and fresh water. Soon it {knew [his] voice|ate out of [his] hand}.',
        'At first it ate {nothing|almost nothing}. But on the third day, it took a {seed|crumb} from [his] finger.',
      ],
      [
        'One {sunny|warm} morning, the [bird] began to beat its wings. [H] knew what that meant. [He] was glad and sad at once. [He] opened the window.',
        'Then the day came when it {flew from the chair to the table|hopped onto the window sill}. "It is time," said [his] [elder]. They carried the box outside and opened it.',
      ],
      [
        'The [bird] sat still for a moment. Then it {flew up|rose} into the blue sky. But every {spring|morning}, a [bird] sits on the fence and sings, and [h] is sure that {it is [his] bird|it is the same one}.',
        '"Goodbye," said [h]. "Come back when you like." "{You did that well|It will not forget you}," said [f].',
      ],
    ],
  },
  // Shopping.
  {
    asks: [
      ['What did [h] have to buy?', '[H] had to buy [number] [fruits] and some [food].'],
      ['Who went shopping?', '[H] went shopping.'],
    ],
    steps: [
      [
        '"Please go to the market for me, [h]," said [his] [elder]. "Buy [number] [fruits] and some [food]." [Ehe] gave [h] {a basket and some money|a bag and a few coins}.',
        '[H] was [age] now, so for the first time [he] was allowed to go shopping alone. "[Number] [fruits] and some [food]," [he] said again and again on the way, "[number] [fruits] and some [food]."',
      ],
      [
        'On the way, [he] met [f], who was {playing with a [toy]|looking at a [wild]}. They talked for a while. When [h] {arrived at the market|went on}, [he] had forgotten what to buy.',
        'At the market, there was so much to see: a man who {played the flute|sold balloons}, a woman with a {talking parrot|basket of puppies}, and {mountains of [otherfruits]|[flowers] in every colour}.',
      ],
      [
        '"What would you like?" asked the {farmer|woman behind the table|man behind the table}. [H] {thought and thought|scratched [his] head}. "Something {round|sweet}," [he] said, "and something else."',
        '"{Fresh [otherfruits]!|Buy these [otherfruits]!} Only today!" called a {farmer|trader}. They looked so good that [h] {nearly|almost} spent all the money on them.',
      ],
      [
        'Then [he] {closed [his] eyes|took a deep breath} and {thought of the kitchen at home|heard the voice of [his] [elder] in [his] head}. "[Number] [fruits] and some [food]!" [he] cried.',
        'But [h] remembered [his] task. "No, thank you," [he] said. "I need [number] [fruits] and some [food]."',
      ],
      [
        '[H] paid and counted the change. There was one coin too many. "You gave me too much," [he] said, and gave it back.',
        'The basket was heavy, but [h] carried it {home without a rest|all the way home}.',
      ],
      [
        '"{You brought everything|Well done}," said [his] [elder]. "{Now I know that I can rely on you|Next time you may choose something for yourself}."',
        'In the evening, they made {a fruit salad|something good} of it, and it tasted better than ever, because [h] had done the shopping.',
      ],
    ],
  },
  // A sound at night.
  {
    asks: [
      ['Why could [h] not sleep?', '[H] could not sleep because there was a strange sound.'],
      ['Was there any danger?', 'No, there was no danger.'],
    ],
    steps: [
      [
        'In the middle of the night, [h] woke up. There was a strange sound {outside|under the window|in the attic}: {tap, tap, tap|scratch, scratch|creak, creak|bump, bump}.',
        '[H] could not sleep. The wind {howled|blew around the house}, and {something|somebody} {knocked|scratched} at the {window|door}.',
      ],
      [
        '[He] pulled the blanket over [his] head. "{Perhaps it is a monster|It could be a thief|Maybe it is a ghost}," [he] thought.',
        '[His] heart beat fast. "Who is there?" [he] {whispered|asked}. Nobody answered, but the sound went on.',
      ],
      [
        '[H] {woke|called} [his] [elder]. "There is {somebody|something} in the house," [he] {whispered|said}. "Then let us go and see," said [his] [elder] and took {the lamp|a torch}.',
        'But then [h] thought, "If I do not look, I will lie awake until morning." So [he] took [his] {lamp|torch} and got up.',
      ],
      [
        'Step by step [he] went nearer. {The stairs creaked.|The floor was cold.} The sound became louder.',
        'Slowly, very slowly, [h] {opened the door|went to the window|climbed the stairs}, and the light fell on nothing at all. Then the sound came again.',
      ],
      [
        'It was only {a branch of the old [tree] that the wind moved against the glass|a [wild] that was looking for food|a window that was not quite closed|the [stray], who wanted to come in}.',
        'And what was it? {A drop of water that fell into a bucket.|A [wild] with a nut.|A loose board in the wind.|The cat, who had pushed a [toy] down the stairs.}',
      ],
      [
        '[H] laughed so loudly that the whole house woke up. "{In the dark, small things sound big|So that was my monster}," [he] said.',
        'After that, [h] slept until {late in the morning|the sun was high}. "A thing that you have looked at is not half as frightening," [he] said {at breakfast|the next day}.',
      ],
    ],
  },
  // Something borrowed.
  {
    asks: [
      ['What did [h] borrow?', '[H] borrowed a [loan].'],
      ['Who owned the [loan]?', 'It belonged to [f].'],
    ],
    steps: [
      [
        '[H] borrowed a [loan] from [f]. "I will bring it back {tomorrow|on [day]}," [he] said.',
        '"May I borrow your [colour] [loan]?" asked [h]. "{Yes|All right}," said [f], "but please give it back by [day]. I need it."',
      ],
      [
        '[Day] came, but [h] {was busy|had forgotten all about it}. {A week|Another week} went by, and the [loan] lay under [his] bed.',
        'But [h] {left it in the rain|left it on the grass overnight}. When [he] found it again, it was {wet and dirty|dirty and bent}.',
      ],
      [
        'When [f] asked for it, [h] said, "{I will bring it tomorrow|Later}." [F] {said nothing, but [fhe] looked [sorrow]|looked [sorrow]}.',
        '[F] needed it and could not {go on the trip|do [fhis] work} without it.',
      ],
      [
        'Then [h] wanted to borrow [n]\'s [otherloan]. "I heard that you do not bring things back," said [n]. "{I am sorry, but I need it|First bring back what you have}."',
        'That night, [h] thought, "How would I feel if somebody did that to me?"',
      ],
      [
        '[H] {took the [loan]|got up early}, cleaned it {until it shone|very carefully} and brought it to [f]. "I am sorry that {it took so long|I was so careless}," [he] said. "{You may keep my [otherloan] for a week|Here are some [fruits] as well}."',
        'The next morning, [h] {repaired it|bought a new one with [his] savings} and went to [f]. "I broke my promise," [he] said. "It will not happen again."',
      ],
      [
        '"{Thank you|All right}," said [f]. "{Everyone forgets something once|I am glad that you said it}."',
        '{Now|Today}, people like to lend things to [h], because they always come back {on time|clean and in time}.',
      ],
    ],
  },
  // A kitten in a tree.
  {
    asks: [
      ['Where was the kitten?', 'The kitten was in a tall [tree].'],
      ['Who was in the tree?', 'A kitten was in the tree.'],
    ],
    seasons: WARM,
    steps: [
      [
        'A little kitten had climbed up the tall [tree] [place], and now it did not dare to come down. "Meow," it cried, "meow!"',
        '[H] and [f] heard a {thin|sad} cry above their heads. High up in the [tree] sat a {grey|black|white} kitten.',
      ],
      [
        '"Come down!" called [h]. But the kitten only {held on tighter|climbed higher}.',
        '[F] called to it, and [h] {held up a piece of cheese|clapped [his] hands}, but the kitten did not move.',
      ],
      [
        '"I will climb up," said [h]. "{No, the branches are too thin|That is too dangerous}," said [f]. "We need {a better idea|help}."',
        '[H] tried to climb, but the lowest branch was {too high|broken}. "We need a ladder," said [f].',
      ],
      [
        'They ran to [n], who had a long ladder. [N] {held the ladder|put it against the tree} while [h] climbed up, slowly, {hand over hand|step by step}.',
        'Then [f] had an idea. {They|The two of them} tied a basket to a rope, put some fish into it and pulled it up to the branch.',
      ],
      [
        '{At last|After a while}, the kitten {understood|made up its mind}, and a minute later it was {safe on the ground|down again}.',
        'The kitten {trembled|looked down and looked up again}. Then it {let them help it|trusted them}, and soon it was safe.',
      ],
      [
        "It {ran home|shook itself} without a thank you, as cats do. But {from then on|since that day}, it {rubbed against [h]'s legs|purred} whenever it saw [him].",
        '"{It was good that we did not hurry|A good idea is better than a big jump}," said [n].',
      ],
    ],
  },
  // A letter.
  {
    asks: [
      ['What did [h] write?', '[H] wrote a letter.'],
      ['Did [h] get an answer?', 'Yes, after a long time an answer came.'],
    ],
    steps: [
      [
        '[F] had moved {to another city|far away}, and [h] missed [fhim] very much.',
        '[H] had a cousin who lived far away, beyond the mountains, and they had not seen each other since last year.',
      ],
      [
        '"Why do you not write a letter?" asked [n]. [H] sat down with paper and a pencil, but [he] did not know how to begin.',
        'One {rainy|quiet} [day], [h] took a sheet of paper and a pencil. "I will write a letter," [he] said.',
      ],
      [
        '[He] wrote about {the weather|school}, about the [pet] [petname], who {had eaten a whole cake|slept all day}, and about {the [flowers] in the garden|the snow on the hill}. [He] drew a picture of a [colour] [toy] at the end.',
        '[He] wrote: "I am well. How are you? {Yesterday I learned to [skill]|We found a [wild] in the garden|I have lost a tooth}. {Please come and see us.|Do you remember the day [place]?}"',
      ],
      [
        'Then [he] put it in an envelope, glued a stamp on it and took it to the post office.',
        '[H] folded the letter, put a dried leaf of the [tree] inside and brought it to the letter box.',
      ],
      [
        'A week passed. Two weeks passed. Every morning, [h] ran to the letter box, but it was empty.',
        'For many days, there was no answer. "{Perhaps it was lost|Maybe I have been forgotten}," thought [h].',
      ],
      [
        'Then, on a [otherday], there was a {thick|big [colour]} envelope with [his] name on it. Inside was a long letter and {a photograph|a small [thing]}. [H] read it {three times|until [he] knew it by heart}.',
        'At last the answer came. "I was so happy about your letter," it said, "that I read it to everyone. {I will visit you in the spring|Write again soon}!"',
      ],
    ],
  },
  // Chores forgotten.
  {
    asks: [['What was the problem?', '[H] had forgotten a task.']],
    steps: [
      [
        "It was [h]'s task to {feed the hens|water the garden|close the gate of the goats|light the lamp at the door} every evening.",
        '"Do not forget to {close the gate|feed the rabbits|water the plants}, [h]," said [his] [elder]. "I will not forget," said [h].',
      ],
      [
        'But {on [day]|one evening}, [f] came with a new [toy], and [h] {forgot everything else|played until it was dark}.',
        'But [h] found {an exciting book|a hole in the fence}, and then it was {late|dark}, and [he] went to bed.',
      ],
      [
        '{In the middle of the night|Just before [he] fell asleep}, [he] suddenly sat up. "{Oh no|I forgot it}!" [he] said.',
        'The next morning, there was trouble. {Something had been forgotten, and everyone could see it.|Everybody looked at [h].}',
      ],
      [
        '[H] put on [his] {boots|shoes} and a coat and ran out{| with a lantern}. {It was not too late, but it was cold and wet.|It took [him] two hours to put everything in order.}',
        '"I am sorry," said [h]. "I will {make it good|put it right}." And [he] worked the whole {morning|day} without being asked.',
      ],
      [
        '[His] [elder] saw it. "{Everyone forgets something|I forgot it once, too, when I was your age}," [ehe] said. "What can you do so that it does not happen again?"',
        '"You made a mistake," said [his] [elder], "and then you put it right. That is what counts."',
      ],
      [
        '[H] tied a [colour] ribbon to [his] door, and whenever [he] saw it, [he] remembered.',
        'Since then, [h] always does {the work first and plays afterwards|what [he] has promised before [he] plays}.',
      ],
    ],
  },
  // Stars.
  {
    asks: [['What did [h] and [his] [elder] look at?', 'They looked at the stars.']],
    seasons: WARM,
    steps: [
      [
        'On a clear night in [season], [h] and [his] [elder] sat {on the roof|in the grass|on a bench} and looked at the stars.',
        '[H] could not sleep, so [his] [elder] wrapped [him] in a blanket, and they went outside to look at the sky.',
      ],
      [
        '"How many stars are there?" asked [h]. "More than {there are grains of sand in your sandbox|anyone can count}," said [his] [elder].',
        '"Why do the stars shine?" asked [h]. "They are suns," said [his] [elder], "but they are very far away, so they look small."',
      ],
      [
        '"And where are they in the daytime?" "They are still there," said [his] [elder]. "But the sun is so bright that we cannot see them."',
        '"Does the moon shine, too?" "The moon has no light of its own," said [his] [elder]. "It is lit by the sun."',
      ],
      [
        '[H] was silent for a while. An owl {called|flew by}. {Somewhere a dog barked.|Far away, a train passed.}',
        'They were quiet for a time and listened to {the crickets|the wind in the [tree]|the river}.',
      ],
      [
        'Then a shooting star {fell|crossed the sky}. "Quick, make a wish!" said [his] [elder]. [H] {closed [his] eyes|did not have to think long}.',
        '"{Which is your favourite star|Which star do you like best}?" asked [his] [elder]. [H] pointed at a {small|bright} one {over the chimney|near the moon}. "That one. {It looks lonely|It blinks at me}."',
      ],
      [
        '"What did you wish for?" "{I cannot tell you, or it will not come true|I wished that we do this again tomorrow}," said [h] and yawned.',
        'Before [h] could ask another question, [he] was asleep, and [his] [elder] carried [him] to bed.',
      ],
    ],
  },
];

export const ANIMAL_PLOTS = [
  // A race.
  {
    asks: [
      ['Who won the race?', '[F] won the race.'],
      ['Why did [h] lose?', '[H] lost because [he] stopped on the way.'],
    ],
    seasons: WARM,
    heroes: QUICK,
    friends: SLOW,
    steps: [
      [
        '[H] was {fast|quick}, and [he] {never stopped talking about it|told everybody so}. "Nobody in the whole wood is as fast as I am," [he] {said|boasted}.',
        '[H] and [f] lived [place]. One [day], they argued about who was faster.',
      ],
      [
        '"Then let us race," said [f]. "From {the old [tree]|the big stone} to the {bridge|mill}." {All the animals laughed.|Nobody believed that [f] could win.}',
        '"{I will race you|Let us find out}," said [f] quietly. "Tomorrow at {sunrise|noon}."',
      ],
      [
        'The {owl|crow} called, "One, two, three!" [H] ran off like the wind and was soon out of sight.',
        'When the race began, [h] was far ahead at once. [He] looked back and could not even see [f].',
      ],
      [
        '"I have plenty of time," thought [h]. [He] {lay down in the shade|stopped to eat some [fruits]|began to chase a butterfly} and {forgot the race|fell asleep}.',
        'Half way, [h] met {a friend|some cousins} and began to {brag|tell how fast [he] was}. The talk took a long time.',
      ],
      [
        '[F] did not stop. [Fhe] went on, one step after another, not fast, but {steady|without a rest}.',
        'Meanwhile, [f] {walked and walked|kept going}. [Fhis] {feet hurt|legs were tired}, but [fhe] did not stop.',
      ],
      [
        'When [h] {remembered the race|thought of the race again}, the sun was low. [He] ran as fast as [he] could, but [f] was already {at the finish|there}. {"Slow and steady wins the race," said the owl.|[H] had learned something that day.}',
        '[H] came second, and [he] was {ashamed|very quiet}. "You did not win because you were faster," [he] said, "but because you did not stop." "{That is the whole secret|Yes}," said [f].',
      ],
    ],
  },
  // A boaster in trouble.
  {
    asks: [
      ['Who helped [h]?', '[F] helped [h].'],
      ['What was wrong with [h] at first?', '[H] was too proud.'],
    ],
    heroes: BIG,
    friends: SMALL,
    steps: [
      [
        '[H] {lived in|had} [home]. [He] thought that [he] was the {cleverest|strongest|most beautiful} animal {in the forest|far and wide}.',
        'Every morning, [h] looked at [himself] in the water and said, "There is nobody like me." {The other animals were tired of it.|It was true, and it was a good thing, too.}',
      ],
      [
        'One [day], [f] asked [him] for help. "{I have no time for small animals|I am too important for that}," said [h] and {turned away|went on}.',
        '[F] greeted [him] politely, but [h] did not even answer.',
      ],
      [
        'Soon after, [h] {fell into a deep hole|got stuck between two stones|was caught in a net|got [his] foot under a root}. [He] {pulled and kicked|tried everything}, but [he] could not get free.',
        'Then a {heavy storm|flood} came, and [h] sat on a little island in the river with water all around.',
      ],
      [
        '"Help!" [he] called. {The big animals walked by.|For a long time, nobody came.} Then [f] {heard [him]|looked down at [him]}.',
        'Many animals came and looked, but nobody knew what to do. Then somebody came running. It was [f].',
      ],
      [
        '"{I could go away, as you did|You had no time for me}," said [f], "but I am not like that." And [fhe] {called [fhis] whole family, and together they pulled|bit through the rope|pushed a branch over to [him]} until [h] was free.',
        '[F] did not waste a word. [Fhe] fetched {a long branch|a strong vine}, {held one end|tied it to a tree}, and [h] climbed out.',
      ],
      [
        '"Thank you," said [h]. [He] looked at the ground. "I was {proud and foolish|unkind to you}." "{Yes|That is true}," said [f], "but {you need not stay that way|tomorrow is another day}."',
        'From then on, when somebody needed help, [h] was the first to come.',
      ],
    ],
  },
  // Winter stores.
  {
    asks: [
      ['Who worked in the summer?', '[F] worked in the summer.'],
      ['Why was [h] hungry in winter?', '[H] was hungry because [he] had gathered no food.'],
    ],
    opening: false,
    heroes: LIGHT_HEARTED,
    friends: BUSY,
    steps: [
      [
        'All through the summer, [f] {gathered nuts and seeds|carried food into [fhis] store}. [H] {lay in the sun|sang and danced}. "Why do you work so hard?" [he] asked. "{The sun is shining|There is food everywhere}!"',
        '"Winter is coming," said [f] and {carried another nut home|went on working}. "Winter is far away," said [h] and {yawned|went for a swim}.',
      ],
      [
        '"The days {are getting shorter|will not stay warm}," said [f]. "Tomorrow I will begin," said [h]. But the next day [he] said {the same|"tomorrow" again}.',
        'Autumn came, and the leaves turned yellow. "Now I will begin," said [h]. But then [he] {found a sunny place and fell asleep|met a friend and forgot it}.',
      ],
      [
        'Then, one night, the first snow fell. Everything was white, and there was nothing to eat.',
        'One morning, the pond was frozen, and a cold wind blew. [H] looked for food, but there was none.',
      ],
      [
        'Hungry and cold, [h] knocked at the door of [f]. "Please," [he] said, "{I have been foolish|I have nothing to eat}."',
        '[H] {sat in the snow|walked through the snow} and thought of the warm summer. At last [he] went to [f].',
      ],
      [
        '[F] thought for a while. "Come in," [fhe] said. "I have enough for two{, but you must help me|. But you must sweep the floor and tell me stories}."',
        '"I told you so," [f] wanted to say. But when [fhe] saw how [h] shivered, [fhe] only said, "{Come in|Sit down by the fire}."',
      ],
      [
        'The two of them spent the winter together. In the spring, [h] was the first to gather food, and [he] never said "tomorrow" again.',
        'It was a long winter, but it was a merry one. And the next summer, there were two animals who gathered food, {and one of them sang while [he] worked|side by side}.',
      ],
    ],
  },
  // A clever trick.
  {
    asks: [
      ['Who wanted to eat [h]?', 'The wolf wanted to eat [h].'],
      ['How did [h] get away?', '[H] got away with a clever trick.'],
    ],
    heroes: SMALL,
    friends: BIG,
    steps: [
      [
        '[H] found {a big piece of cheese|a basket of [fruits]|a pot of honey} [place]. Just when [he] wanted to {begin|eat}, a {hungry|big} wolf came along.',
        '[H] was on [his] way home when a wolf {stood in [his] way|jumped out of the bushes}. "I am hungry," said the wolf, "and you look {good|tasty}."',
      ],
      [
        '[H] was {afraid|very frightened}, but [he] did not show it. "{What a pity|Good evening, sir}," [he] said. "{I was just on my way to invite you to dinner|I am only skin and bones, but I know where there is more}."',
        '"{You may eat me|If you must}," said [h], "but first {let me show you something|grant me one wish}." The wolf was curious.',
      ],
      [
        '"In that well there is a {whole round cheese|big silver fish}," said [h]. "Look, you can see it shine." The wolf looked in. It was only the moon in the water, but he did not know that.',
        '"Close your eyes and count to a hundred," said [h], "and I will bring you {something better|the biggest dinner of your life}." The wolf {closed his eyes|sat down} and began to count. He could only count to [number], so it took him a long time.',
      ],
      [
        'The wolf leaned {forward|over}, {further and further|as far as he could}, until {he fell in with a splash|he lost his balance and rolled down the hill}.',
        'While the wolf was {busy|thinking of his dinner}, [h] {ran home|slipped away} and locked the door behind [him].',
      ],
      [
        'When the wolf understood the trick, he was {wet and hungry|very angry}, and {all the birds laughed at him|he never came back}.',
        '"I have been a fool," said the wolf and went home without a dinner.',
      ],
      [
        '[H] shared {the food|[his] supper} with [f] and told [fhim] everything. "A good head is {better than|worth more than} strong teeth," said [f].',
        '"Were you not afraid?" asked [f]. "{Very much|Of course I was}," said [h], "but fear is no reason to stop thinking."',
      ],
    ],
  },
  // The strange thing.
  {
    asks: [
      ['What was the strange thing?', 'The strange thing was a [thing].'],
      ['To whom did the [thing] belong?', 'It belonged to a child.'],
    ],
    heroes: ANY,
    friends: ANY,
    steps: [
      [
        'One morning, [h] found a strange thing [place]. It was a [colour] [thing], but the animals had never seen one.',
        'A [colour] [thing] lay {on the path|in the grass}. Somebody must have lost it. [H] walked around it {twice|three times}.',
      ],
      [
        '"{It is a kind of egg|I think it is a boat|It is a hat}," said [h]. "No," said [f], "it is surely {a house for snails|something to eat|a sleeping animal}."',
        '"What is it?" asked [f]. "I do not know," said [h]. "{It does not smell|It does not move and it does not speak}."',
      ],
      [
        '{They pushed it|They turned it over}. They {listened to it|knocked on it}. [F] even {bit it|sat on it}. Nothing happened.',
        'All the animals came and {gave their opinion|talked at once}. The crow said one thing, the {hedgehog|frog} another, and the {goose|badger} said that it was dangerous.',
      ],
      [
        'At last they asked the old owl. {She opened one eye.|She thought for a while.} "It belongs to a child," she said, "and the child is {looking for it|sad}."',
        'Then they heard somebody cry. A little girl {walked along the path|was looking under every bush}. "Where is my [thing]?" she {said|sobbed}.',
      ],
      [
        'The animals looked at each other. In the {night|evening}, [h] and [f] {carried|dragged|pulled} the [thing] to the house at the edge of the wood and left it at the door.',
        '[H] took one end, and [f] took the other. Together they carried it to the path, where the child {would find it|had to pass}, and hid behind a [tree].',
      ],
      [
        'The next morning, there was {a bowl of milk|a plate of [fruits]|a handful of nuts} at the same place. "{People are not so bad|That is a good exchange}," said [f].',
        'The child {laughed for joy|danced around}. "So that is what it is for," said [h]. "It is for being happy."',
      ],
    ],
  },
  // Too much.
  {
    asks: [
      ['What did [h] eat too much of?', '[H] wanted too many [fruits].'],
      ['What did [h] learn?', '[H] learned that enough is better than too much.'],
    ],
    seasons: WARM,
    heroes: HUNGRY,
    friends: SMALL,
    steps: [
      [
        '[H] found a tree full of ripe [fruits]. "{All of them are mine|I will not tell anybody}," [he] said.',
        '[H] and [f] found a bag of [fruits] that had fallen from a cart. "Let us share," said [f]. "I {saw it first|carried it}," said [h], "so I get {most of it|the bigger part}."',
      ],
      [
        '[He] ate and ate. [He] ate until [his] belly was {round like a ball|as tight as a drum}, and then [he] ate {one more|some more}.',
        '[H] filled [his] mouth, [his] paws and [his] whole den, and still [he] wanted more.',
      ],
      [
        'When [he] wanted to go home, [he] could not {move|walk}. [His] stomach {hurt|ached} so much that [he] {groaned|moaned} all night.',
        'But the den was now so full that there was no room for [him]. [He] had to sleep outside, and it {rained|was cold}.',
      ],
      [
        'After a few days, the rest of the [fruits] {were bad|had begun to rot}, and nobody could eat them any more.',
        'In the morning, [f] found [him]. "{What happened to you|You look green}," [fhe] said.',
      ],
      [
        '"{I wanted to have everything|I could not stop}," said [h], "and now I have {a stomach ache|nothing at all}."',
        '[F] {brought [him] some water|made [him] a tea of herbs} and stayed with [him] {until [he] felt better|for the whole day}.',
      ],
      [
        'The next year, when the [fruits] were ripe, [h] called all [his] friends. There was enough for everyone, and nobody {was ill|had a stomach ache}.',
        '"Enough is better than too much," said [h], and [f] {agreed|nodded}.',
      ],
    ],
  },
];
