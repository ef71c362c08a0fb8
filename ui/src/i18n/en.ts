import { enInterface } from './interface'
import { enAlarms } from './alarms'
import { enDevices } from './devices'
import { enOutward } from './outward'
import { enPhone } from './phone'
import { enRelease } from './release'
import { enSensing } from './sensing'
import { enReports } from './reports'
import { enEvaluation } from './evaluation'
import { enAccount, enOwnWork, enKeys, enLinks, enSignOn } from './signon'
import type { zh } from './zh'
import { enIncidents } from './incidents'

export const en: typeof zh = {
  ...enAlarms,
  ...enDevices,
  ...enOutward,
  ...enPhone,
  ...enRelease,
  ...enSensing,
  interface: enInterface,
  reports: enReports,
  account: enAccount, ownWork: enOwnWork, keys: enKeys, links: enLinks, signOn: enSignOn,
  product: 'zhili', close: 'Close',
  nav: { main: 'Main pages', sensing: 'Pages of sensing', skip: 'Skip to content', city: 'City', cases: 'Cases', catalogue: 'Catalogue', report: 'Report', inbox: 'To do', people: 'People', more: 'More pages' },
  head: { home: '{city}, to the first page', what: 'city operations', date: '{day} {monthName}', demo: 'Demo ×{speed}', demoWhy: 'This city is simulated and its time runs faster than yours.' },
  month: { 1: 'Jan', 2: 'Feb', 3: 'Mar', 4: 'Apr', 5: 'May', 6: 'Jun', 7: 'Jul', 8: 'Aug', 9: 'Sep', 10: 'Oct', 11: 'Nov', 12: 'Dec' },
  settings: { title: 'Display settings', theme: 'Light or dark', system: 'As the system', light: 'Light', dark: 'Dark', large: 'Large type', stop: '. ' },
  city: {
    title: '{city}: what is happening', sums: 'Figures now', inHand: 'In hand', soon: 'Nearly late', late: 'Late', closedToday: 'Closed today', unit: '',
    happening: 'Happening now', everySeconds: 'every {n} seconds', quiet: 'Nothing new right now', quietHow: 'When somebody reports something or a case moves on, it appears here.',
    checking: '{n} being checked on site before they become cases', checkingLate: '{n} of them late',
    all: 'All cases', spoken: '{inHand} in hand, {late} late', mapLabel: 'Map with {n} cases; the list of cases says the same in words',
    several: '{n} cases here', severalWhy: 'Cases whose exact place is not public are drawn at the centre of their grid.',
  },
  days: { title: 'Last {n} days', opened: 'opened', closed: 'closed', today: 'today', date: '{day}/{month}', spoken: '{day}: {opened} cases opened, {closed} closed' },
  mark: { late: '!' },
  tone: { good: 'in time', risk: 'nearly late', late: 'late', paused: 'paused', done: 'finished' },
  legend: { title: 'Legend', sources: 'Sources, press to show or hide', states: 'States', circle: 'resident', triangle: 'patrol', diamond: 'sensor', square: 'camera', grid: 'grid lines', component: 'assets' },
  map: { zoomIn: 'Zoom in', zoomOut: 'Zoom out', broken: 'The map cannot be drawn: WebGL is off in this browser. The list of cases works as usual.' },
  stage: {
    registered: 'Opened', dispatched: 'Sent out', handling: 'In work', suspended: 'Suspended', reported_back: 'Reported done', verifying: 'Being checked',
    verified: 'Check passed', closed: 'Closed', evaluated: 'Evaluated', archived: 'Archived', collected: 'Received', checking: 'On-site check',
  },
  signal: { collected: 'received, waiting for intake', checking: 'being checked on site', rejected: 'not taken as a case', merged: 'joined to the same matter', registered: 'case opened' },
  clock: { dispatch: 'Sending out', handle: 'Work', verify: 'Check', whole: 'Whole way', supervise: 'Supervision', penalty: 'Penalty', ledger: 'How it was counted', due: 'As it runs now, it ends {when}', ran: 'Ran', paused: 'Paused', until: 'now', by: ', agreed by {who}' },
  story: { public: 'public', staff: 'staff only', system: 'system', withSystem: 'Show system entries ({n})', onlySystem: 'Only {n} system entry on this day. | Only {n} system entries on this day.', fromSource: 'from the source system' },
  steps: { done: '(done)', open: '(not yet)' },
  bars: { rest: '{n} others' },
  cases: {
    title: 'Cases', total: { open: '{n} in hand', closed: '{n} closed', all: '{n} in all' }, none: 'No such cases',
    noneFiltered: 'No case fits all of these filters. Take one or two away.', noneYet: 'There are no cases yet. Once a report is taken up it is listed here, the newest on top.',
    keys: 'j next, k previous, Enter opens', more: 'Show 50 more', end: 'That is all.', beside: 'Map and counts', byStage: 'By stage', byArea: 'By area', byItem: 'By kind',
    inView: 'Only cases within this map', notInView: 'Not only within the map',
  },
  filter: {
    title: 'Filters', open: 'Filters', openSet: 'Filters ({n})', area: 'Area', anyArea: 'All areas', stage: 'Stage', anyStage: 'All stages', item: 'Kind', anyItem: 'All kinds',
    department: 'Department', anyDepartment: 'All departments', no: 'Go to case number', goTo: 'Open the case with this number', stateLabel: 'In hand or closed', state: { open: 'In hand', closed: 'Closed', all: 'All' },
    lateLabel: 'Time left', late: { any: 'Any', soon: 'Nearly late', over: 'Late' }, dates: 'Dates', date: { opened: 'Opened', closed: 'Closed' }, from: 'from', to: 'to',
    clear: 'Clear filters', show: 'Show results', showN: 'Show {n}',
  },
  case: {
    title: 'Case', missing: 'There is no case {no}', missingHow: 'Please check the number. It may not have been opened yet: whoever reported it can follow the link on the receipt.', recorded: 'from another system',
    noArea: 'area unknown', notSent: 'not sent out yet', noClock: 'no time limit', openedAt: 'opened {when}', closedAt: 'closed {when}', steps: 'How far it has come', clocks: 'Time limits',
    story: 'Story', place: 'Place', placeExact: 'This is the exact place.', placeDuty: 'This is the exact place; only those on duty for it see it.', private: 'not public', privateHow: 'Its reporter asked that it is not public: only those on duty for it see this page. The words open when you say what you need them for.', placeGrid: 'The exact place is not public; the map shows the centre of its grid.', placeUnknown: 'The place is unknown.', grid: 'Grid {code}.',
    mapLabel: 'Where this case is', why: 'Why this department', signals: 'Signals', signalCount: '{n}', wordsKept: 'The words are not public.', photo: 'Photo {n}',
  },
  report: {
    back: 'Back', next: 'Next', optional: 'optional', stepOf: 'Step {at} of {of}',
    start: {
      title: 'Report something in {city}', lead: 'Begin with whichever is easiest. No account needed.', photo: 'Take a photo', photoHow: 'the place comes after', place: 'Choose the place', placeHow: 'point at it on the map first', words: 'Write a sentence', wordsHow: 'just what you see',
      begun: 'You began a report; everything is still here.', resume: 'Go on with it', drop: 'Throw it away and start again', mine: 'My reports ({n})', mineHow: 'This list is kept only in the browser of this device.',
    },
    what: { title: 'What is the matter?', words: 'Tell us in a sentence or two', example: 'For example: water all over under the bridge, cars are stuck', how: 'Please leave out names and number plates of others.', empty: 'There is nothing yet. Write a sentence or add a photo.' },
    item: {
      title: 'What kind of thing is it?', from: 'From “{q}”:', often: 'Some kinds:', found: 'Found for “{q}”:', likely: 'likely', others: 'Also in “{group}”:', searchOther: 'None of these? Look for it', none: 'Nothing found for “{q}”. Try another word, such as “rubbish” or “lamp”.',
      search: 'Or look for it', searchExample: 'rubbish, lamp, water …', chosen: 'Chosen: {name}', choose: 'Nothing is chosen yet. If in doubt take the nearest; the office will correct it.',
    },
    ask: { title: 'One or two questions more', lacking: 'Please answer “{label}”; those who come need to know.' },
    place: {
      title: 'Where is it?', locate: 'Use where I am now', cannot: 'Your place could not be found. Move the map until the pin points there, or write the address.', outside: 'You are not in {city} now. Please move the map to the place.', found: 'Moved to where you are, within about {m} metres. Move it on if needed.',
      mapLabel: 'Map to choose the place; arrow keys move it, plus and minus zoom', how: 'Tap the place on the map, or move the map until the pin points at it.', near: 'The pin is near {area}.', address: 'Address or something one can see', example: 'under the railway bridge, south side',
      lacking: 'We do not know where it is yet. Move the map or write the address.', here: 'It is here', onlyAddress: 'Use the address only',
    },
    send: {
      title: 'Look it over and send', words: 'What', item: 'Kind', place: 'Where', pin: 'marked on the map', change: 'Change', changeWhat: 'Change: {what}', contact: 'Shall we tell you how it ends?', name: 'Your name', phone: 'Phone', mail: 'E-mail',
      privacy: 'Name, phone and e-mail are encrypted, seen only by those who deal with this, every look is logged, and they are destroyed in time. Your words, photos and the exact place become public only after a check.',
      hidden: 'Keep all of it private', hiddenHow: 'Only those who deal with it know of it; it is on no map and in no list or open data. You can always see it with your receipt.',
      mailFault: 'The e-mail address lacks the {\'@\'} or what follows it. Write it like name{\'@\'}example.org, or leave it empty.', now: 'Send', mend: 'Mend this',
    },
  },
  signIn: {
    title: 'Sign in for staff', short_title: 'Sign in', lead: 'For those who work on cases.', resident: 'Residents report without an account.', login: 'Login', password: 'Password', enter: 'Sign in', out: 'Sign out',
    forgot: 'Forgot the password? An administrator gives you one for a single use.', lacking: 'Fill in login and password.', demo: 'Accounts of the demonstration', demoHow: 'The city is simulated. Each kind of post has an account; press one to sign in.',
    choose: 'Choose a password of your own', chooseWhy: 'You are using a password for a single use. The new one has at least {n} characters; a few words in a row are easy to remember.', before: 'Password for a single use', fresh: 'New password', again: 'The new password once more', keep: 'Keep it and go on',
    short: 'A password has at least {n} characters.', differs: 'The two differ. Write it again.',
  },
  incident: enIncidents,
  inbox: {
    title: 'To do', shown: '{n} of {all} are listed', more: 'List more', inCases: 'The rest is in the list of cases', count: '{n} in all', noPost: 'no post yet', noDuty: 'You have no post yet', noDutyHow: 'An administrator appoints you under People. Then what waits for you appears here.',
    empty: 'Nothing waits for you now', emptyHow: 'What comes appears by itself.',
  },
  work: {
    title: 'Report', told: 'What was told', released: 'public', notReleased: 'not public yet', sealed: 'The words are kept encrypted and are not shown here.', noWords: 'No words.', noAddress: 'No address was given.',
  },
  step: {
    along: 'Joined when this is registered: {numbers}',
    title: 'Next step', none: 'Nothing about this waits for you now.', leave: 'Not now', refused: '{n} steps that cannot be taken now, and why', lacking: '"{what}" is missing.', byDuty: 'found by duty', closedWhen: ': {text}',
    field: {
      reason: 'Explanation', department: 'Department', person: 'Login of the person', until: 'Until when', clock: 'Which clock', level: 'Level', score: 'Rating', number: 'Which supervision', upheld: 'Decision',
      photos: 'Photos', closing_condition_met: 'The closing condition is met', condition: 'Condition', found: 'On site', into: 'The case to join', words: 'Words to be public', withheld: 'What is kept back',
    },
    of: { send_to_verify: { person: 'Login of the chosen verifier' }, dispatch: { department: 'To which department' } },
    choice: {
      found: { found: 'it is as told', not_found: 'nothing was found', unable: 'could not look' }, upheld: { 1: 'upheld', 0: 'not upheld' }, level: { 1: 'ordinary', 2: 'important', 3: "leader's instruction" },
      score: { 1: 'very dissatisfied', 2: 'dissatisfied', 3: 'neither', 4: 'satisfied', 5: 'very satisfied' },
    },
  },
  people: {
    title: 'People', who: 'Who may do this', verb: 'Do what', ask: 'Look it up', may: 'may', mayNot: 'may not', nobody: 'Nobody may. An administrator appoints somebody.',
    verbs: { register: 'register', dispatch: 'dispatch', take: 'take up', report_back: 'report back', send_to_verify: 'send for checking', pass: 'pass the check', close: 'close', grant: 'grant extension or suspension', supervise: 'supervise', decide_appeal: 'decide an appeal' },
    make: 'New account', makeIt: 'Make it', same: 'Same person as', own: 'a person of their own', appoint: 'Appoint', appointIt: 'Appoint', post: 'Post', accounts: 'Accounts', find: 'Find by login, post or area', noneFound: 'Nobody found', more: '{n} more', item: 'Which item', anyItem: 'Any item, or a code such as 0102', items: 'Only these items', allItems: 'All; or beginnings of codes, with blanks', onlyItems: 'only {items}', until: 'Until', untilWhen: 'until {when}', noPost: 'no post', is: 'is {person}',
    disabled: 'closed', new: 'password not chosen yet', end: 'End', endWhat: 'End {post} of {login}', reset: 'Give a password for a single use', enable: 'Open again', disable: 'Close',
    password: 'Password of {login}, for a single use:', passwordHow: 'Shown this once. Tell it in person or by telephone; its owner chooses another when signing in.',
  },
  outbox: {
    bar: '{n} report is not sent yet; it goes out once there is a network. | {n} reports are not sent yet; they go out once there is a network.', barRefused: '{n} report is not sent yet; it needs a change from you. | {n} reports are not sent yet; some need a change from you.', look: 'Look', notYet: 'not sent yet',
    sending: 'Being sent', sendingHow: 'One moment. It is kept on this device; closing the page loses nothing.', waiting: 'Not sent yet', waitingHow: 'There is no connection now. It is kept on this device and not lost; it goes out by itself when this site is open and there is a network.',
    refused: 'Not accepted', written: 'written {when}', now: 'Send again now', mend: 'Change it', drop: 'Do not send', dropSure: 'Really? What you wrote will be deleted', busy: 'You are writing another report. Send it or throw it away first, then change this one.',
  },
  photo: {
    full: 'Open in full size', shows: { near: 'Close', far: 'From afar', before: 'Before', after: 'After' },
    add: 'Add a photo', more: 'Add another', drop: 'Remove photo {n}', count: '{n} photo | {n} photos', how: 'Photos are made smaller on your device first; place and device data inside them are removed.',
    tooLarge: 'Photo {n} is too large ({mb} MB). Choose one below {max} MB; everything else is still here.', notPicture: '“{name}” is not a picture that can be opened. Choose JPEG, PNG or WebP; everything else is still here.', tooMany: 'Up to {max} photos. Remove one before adding another.',
  },
  receipt: {
    title: 'Receipt', got: 'Received', at: 'received {when}', due: 'to be done by {when}', keep: 'No account needed: this link always shows how it stands. Please keep it.', copy: 'Keep the link', copied: 'The link is copied.', copyBy: 'It could not be copied by itself. Please copy the link above by hand.',
    case: 'See case {no}', casePrivate: 'Case {no}. You asked that it is not public: nobody else sees it, and how it goes on stands here only.', missing: 'There is no such receipt', missingHow: 'The link may have lost a few letters. Open it again from where you kept it.', spoken: 'Now: {step}',
  },
  catalogue: {
    byCondition: ', it depends',
    lead: 'What this city takes care of, when a case is opened, and how long it may take.', count: '{n} kind | {n} kinds', search: 'Look for: rubbish, lamp, water …', none: 'Nothing found for “{q}”', noneHow: 'Try another word, or just one.', empty: 'The catalogue is empty', emptyHow: 'Once a scenario pack is installed its items are listed here.',
    groups: 'Groups', when: 'Opened when', promise: 'Time limit', function: 'Function', closed: 'Closed when', and: ', ', from: 'Source {source}, pack {pack}', cases: 'cases of this kind',
  },
  kind: { event: 'events', component: 'assets', service: 'services' },
  trouble: {
    offline: 'No network', offlineHow: 'The server cannot be reached. The page goes on by itself once it can.', slow: 'The server did not answer in time', slowHow: 'We waited 15 seconds. It may be busy; the page tries again.', missing: 'Not found', missingHow: 'There is nothing here.', refused: 'It did not work',
    broken: 'The server made a mistake', brokenHow: 'Number {status}. It is not your doing, and what you entered is kept.', kept: 'What you see is from before.', again: 'Try again',
  },
  missing: { title: 'There is no such page', how: 'The address may be mistyped, or have lost a few letters.', home: 'To the first page' },
  evaluation: enEvaluation,
  gallery: { title: 'Components' },
}
