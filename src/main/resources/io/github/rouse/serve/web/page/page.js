import {BrowserMicrophone, MachineMicrophone, Scroll, microphoneProblem, play, wav} from './sound.js';

const $ = id => document.getElementById(id);
const RECORD_SECONDS = 2.5;
const scroll = new Scroll($('wave'), $('spectrum'));
let microphone = null; // while it is open
let listening = false; // until the user stops

/** A request; asks for the token when the server does, and throws the server's reason. */
async function ask(path, options = {}) {
  const answer = await fetch(path, options);
  if (answer.status === 401 && path !== 'api/login') {
    await login();
    return ask(path, options);
  }
  if (!answer.ok) {
    const body = await answer.json().catch(() => ({}));
    throw new Error(body.error ?? `the server answered ${answer.status}`);
  }
  return answer;
}

const json = body => ({headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});

async function login() {
  const dialog = $('login');
  for (;;) {
    dialog.showModal();
    await new Promise(done => dialog.addEventListener('close', done, {once: true}));
    try {
      await ask('api/login', {method: 'POST', ...json({token: $('token').value})});
      $('login-problem').textContent = '';
      return;
    } catch (e) {
      $('login-problem').textContent = e.message;
    }
  }
}

/** An element with text, which is never read as HTML. */
function element(name, text = '', type = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = type;
  return made;
}

function button(text, action) {
  const made = element('button', text, 'small');
  made.type = 'button';
  made.addEventListener('click', action);
  return made;
}

// Models and words

const rows = new Map(); // by word: its row

async function showModels() {
  const {models} = await (await ask('api/models')).json();
  $('models').replaceChildren(...models.map(model => {
    const row = element('tr');
    const rate = perHour => model.calibration?.find(p => p.false_alarms_per_hour === perHour)?.threshold;
    row.append(
      element('td', model.id),
      element('td', model.words.join(', ')),
      element('td', `${(model.bytes / 1e6).toFixed(2)} MB`),
      element('td', model.licence ?? (model.own ? 'yours' : 'not stated')),
      element('td', model.calibration ? [0.1, 0.5, 2].map(x => rate(x).toFixed(2)).join(', ') : 'not measured'));
    return row;
  }));
  const words = models.flatMap(model =>
    model.words.map(word => ({word, threshold: model.thresholds?.[word] ?? 0.5})));
  showWords(words);
  $('status').textContent = models.every(model => model.loaded)
    ? `Ready for ${words.map(w => w.word).join(', ') || 'no word yet'}` : 'Loading models…';
  return models;
}

function showWords(words) {
  for (const [word, row] of rows) {
    if (!words.some(w => w.word === word)) {
      row.item.remove();
      rows.delete(word);
    }
  }
  for (const {word, threshold} of words) {
    if (!rows.has(word)) {
      rows.set(word, newRow(word));
    }
    const row = rows.get(word);
    if (document.activeElement !== row.range) {
      row.range.value = threshold;
      row.output.textContent = threshold.toFixed(2);
    }
  }
}

function newRow(word) {
  const item = element('li');
  const meter = element('div', '', 'meter');
  const fill = element('div', '', 'fill');
  const range = element('input');
  const output = element('output');
  Object.assign(range, {type: 'range', min: 0.01, max: 0.99, step: 0.01});
  range.setAttribute('aria-label', `Threshold of ${word}`);
  range.addEventListener('input', () => output.textContent = Number(range.value).toFixed(2));
  range.addEventListener('change', async () => {
    try {
      await ask(`api/words/${encodeURIComponent(word)}/threshold`,
        {method: 'PUT', ...json({threshold: Number(range.value)})});
      restart();
    } catch (e) {
      $('microphone-problem').textContent = e.message;
    }
  });
  meter.append(fill, range);
  item.append(element('span', word, 'name'), meter, output);
  $('words').append(item);
  return {item, fill, range, output};
}

// Listening

function take(message) {
  switch (message.type) {
    case 'posteriors':
      for (const [word, value] of Object.entries(message.values)) {
        rows.get(word)?.fill.style.setProperty('width', `${100 * value}%`);
      }
      break;
    case 'event':
    case 'near_miss':
      showEvent(message);
      break;
    case 'error':
      $('microphone-problem').textContent = message.error;
      break;
  }
}

function showEvent(event) {
  const near = event.type === 'near_miss';
  const item = element('li', '', near ? 'near' : '');
  const time = new Date(event.time).toLocaleTimeString();
  item.append(element('span', time),
    element('span', near ? `nearly ${event.word}` : event.word, 'what'),
    element('span', event.score.toFixed(2)));
  const heard = microphone;
  const {recent} = heard;
  recent.whenAt(heard.begun + event.at + 0.5, decided => { // the clip reaches past the decision
    const clip = recent.between(decided - 3, decided);
    const lesson = recent.between(decided - 5.5, decided);
    item.append(button('Play', () => play(clip, recent.rate)));
    for (const [mark, text] of near ? [['right', 'It was']] : [['right', 'Right'], ['wrong', 'Wrong']]) {
      const marking = button(text, () => markEvent(event, mark, lesson, recent.rate, item, marking));
      marking.classList.add('mark');
      item.append(marking);
    }
  });
  item.hidden = near && !$('near').checked;
  $('events').prepend(item);
  while ($('events').children.length > 100) {
    $('events').lastChild.remove();
  }
  $('no-events').hidden = true;
  if (!near) {
    const row = rows.get(event.word)?.item;
    row?.classList.add('woken');
    setTimeout(() => row?.classList.remove('woken'), 1500);
  }
}

// Marks

async function markEvent(event, mark, lesson, rate, item, chosenMark) {
  const at = lesson.length / rate - 0.5; // the decision's time in it
  try {
    await ask(`api/words/${encodeURIComponent(event.word)}/marks/${mark}?at=${at}&score=${event.score}`,
      {method: 'POST', headers: {'Content-Type': 'audio/wav'}, body: wav(lesson, rate)});
    for (const other of item.querySelectorAll('.mark')) {
      other.disabled = true;
      other.setAttribute('aria-pressed', String(other === chosenMark));
    }
    await showLessons();
  } catch (e) {
    $('lesson').textContent = e.message;
  }
}

/** Words that have marks or an earlier version: what was marked, and what can be done. */
async function showLessons() {
  const items = [];
  for (const word of rows.keys()) {
    const path = `api/words/${encodeURIComponent(word)}`;
    const {right, wrong, versions} = await (await ask(`${path}/marks`)).json();
    if (right + wrong + versions === 0) {
      continue;
    }
    const item = element('li');
    item.append(element('span', `${word}: ${right} right, ${wrong} wrong`, 'what'));
    if (wrong > 0) {
      item.append(button('Learn', () => learn(word, `${path}/improvement`, 'POST', item)));
    }
    if (versions > 0) {
      item.append(button('Undo', () => learn(word, `${path}/improvement`, 'DELETE', item)));
    }
    items.push(item);
  }
  $('lessons').replaceChildren(...items);
}

async function learn(word, path, method, item) {
  for (const used of item.querySelectorAll('button')) {
    used.disabled = true;
  }
  $('lesson').textContent = method === 'POST' ? `Learning ${word}…` : `Restoring ${word}…`;
  try {
    const answer = await (await ask(path, {method, ...json({})})).json();
    $('lesson').textContent = [...(answer.figures ?? ['The previous version is back']), ...(answer.problems ?? [])].join('; ');
    restart();
  } catch (e) {
    $('lesson').textContent = e.message;
  }
  await showLessons();
}

$('near').addEventListener('change', () => {
  for (const item of $('events').querySelectorAll('.near')) {
    item.hidden = !$('near').checked;
  }
});

const chosen = () => document.querySelector('input[name=source]:checked').value;

async function openMicrophone() {
  if (!microphone) {
    const problem = chosen() === 'browser' ? microphoneProblem() : '';
    if (problem) {
      throw new Error(problem);
    }
    const opening = chosen() === 'browser' ? new BrowserMicrophone() : new MachineMicrophone();
    await opening.open();
    microphone = opening;
    draw();
  }
  return microphone;
}

function draw() {
  if (microphone) {
    scroll.add(microphone.recent);
    setTimeout(draw, 33);
  }
}

async function start() {
  listening = true;
  $('start').textContent = 'Stop';
  $('microphone-problem').textContent = '';
  try {
    (await openMicrophone()).connect(take, lost);
  } catch (e) {
    stop();
    $('microphone-problem').textContent = `There is no microphone: ${e.message}`;
  }
}

async function lost() {
  closeMicrophone();
  $('status').textContent = 'The connection was lost; trying again';
  await new Promise(done => setTimeout(done, 2000));
  if (listening && !microphone) {
    try {
      (await openMicrophone()).connect(take, lost);
    } catch {
      lost();
    }
  }
}

function stop() {
  listening = false;
  closeMicrophone();
  $('start').textContent = 'Start';
}

function closeMicrophone() {
  microphone?.close();
  microphone = null;
  for (const {fill} of rows.values()) {
    fill.style.removeProperty('width');
  }
}

/** Opens the stream anew: one that is open keeps its words and thresholds. */
const restart = () => listening && microphone.connect(take, lost);

$('start').addEventListener('click', () => listening ? stop() : start());
for (const choice of document.querySelectorAll('input[name=source]')) {
  choice.addEventListener('change', () => listening ? (stop(), start()) : showProblem());
}

const showProblem = () =>
  $('microphone-problem').textContent = chosen() === 'browser' ? microphoneProblem() : '';

// The user's own word

const own = () => `api/words/${encodeURIComponent($('word').value.trim())}`;

async function showRecordings() {
  if (!$('word').value.trim()) {
    $('recordings').replaceChildren();
    $('enrol').disabled = true;
    return;
  }
  const {recordings, from_text: fromText} = await (await ask(`${own()}/recordings`)).json();
  $('typed').hidden = !fromText;
  $('recordings').replaceChildren(...recordings.map((number, i) => {
    const item = element('li');
    const file = `${own()}/recordings/${number}`;
    item.append(element('span', `Recording ${i + 1}`, 'what'),
      button('Play', () => play(file)),
      button('Delete', async () => {
        await ask(file, {method: 'DELETE'});
        await showRecordings();
      }));
    return item;
  }));
  const enough = recordings.length >= 3 || (fromText && recordings.length === 0);
  $('enrol').disabled = !enough;
}

$('word').addEventListener('change', () => showRecordings().catch(e => $('take').textContent = e.message));

$('own').addEventListener('submit', async submitted => {
  submitted.preventDefault();
  $('record').disabled = true;
  $('promise').textContent = '';
  try {
    const {recent} = await openMicrophone();
    const from = recent.seconds + 0.2;
    $('take').textContent = `Say “${$('word').value.trim()}” now`;
    await new Promise(done => setTimeout(done, 1000 * (RECORD_SECONDS + 0.3)));
    const sound = wav(recent.between(from, from + RECORD_SECONDS), recent.rate);
    await ask(`${own()}/recordings`, {method: 'POST', headers: {'Content-Type': 'audio/wav'}, body: sound});
    $('take').textContent = 'Good. Once more?';
  } catch (e) {
    $('take').textContent = `Again, please: ${e.message}`;
  } finally {
    if (!listening) {
      closeMicrophone();
    }
    $('record').disabled = false;
  }
  await showRecordings();
});

$('enrol').addEventListener('click', async () => {
  $('enrol').disabled = true;
  const problems = [];
  try {
    const answer = await ask(`${own()}/enrolment`, {method: 'POST', ...json({})});
    await lines(answer, line => {
      if (line.progress) {
        $('promise').textContent = `${line.progress}…`;
      } else if (line.problem) {
        problems.push(line.problem);
      } else if (line.error) {
        $('promise').textContent = [line.error, ...problems].join('; ');
      } else {
        const voices = $('recordings').childElementCount > 0 ? 'your voice' : 'synthetic voices';
        $('promise').textContent = `Expect about ${Math.round(100 * line.varied_miss_rate)} % missed with ${voices} `
          + `in other rooms and noise, more for other people, and ${line.false_alarms_per_hour.toFixed(1)} false `
          + `alarms an hour (measured on ${line.hours.toFixed(1)} hours of other speech). ${problems.map(problem => `${problem}. `).join('')}Say it now.`;
        waitForWord($('word').value.trim());
      }
    });
  } catch (e) {
    $('promise').textContent = e.message;
  }
  $('enrol').disabled = false;
});

/** The server finds the new model by itself, in a few seconds. */
async function waitForWord(word) {
  for (let i = 0; i < 20; i++) {
    const models = await showModels();
    if (models.some(model => model.loaded && model.words.includes(word))) {
      if (listening) {
        restart();
      } else {
        await start();
      }
      return;
    }
    await new Promise(done => setTimeout(done, 1000));
  }
}

// Files

/** Calls back with each JSON line of an answer, as they come. */
async function lines(answer, each) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = parts.pop();
    parts.filter(Boolean).forEach(part => each(JSON.parse(part)));
    if (done) {
      return;
    }
  }
}

$('file').addEventListener('change', async () => {
  const file = $('file').files[0];
  if (!file) {
    return;
  }
  $('found').replaceChildren();
  $('file-status').textContent = `Searching ${file.name}…`;
  let ended = false;
  const warnings = [];
  try {
    const answer = await ask('api/scan',
      {method: 'POST', headers: {'Content-Type': 'application/octet-stream'}, body: file});
    await lines(answer, line => {
      if (line.done) {
        ended = true;
        const found = `${$('found').children.length} found in ${line.seconds.toFixed(1)} s of sound`;
        $('file-status').textContent = [found, ...warnings].join('; ');
      } else if (line.warning) {
        warnings.push(line.warning);
      } else if (line.error) {
        ended = true;
        $('file-status').textContent = `${line.error}; ${line.heard_seconds.toFixed(1)} s were searched`;
      } else if (line.heard_seconds) {
        $('file-status').textContent = `Searching ${file.name}: ${line.heard_seconds.toFixed(0)} s so far`;
      } else {
        const item = element('li');
        item.append(element('span', `${line.start.toFixed(2)} s`), element('span', line.word, 'what'),
          element('span', line.score.toFixed(2)));
        $('found').append(item);
      }
    });
    if (!ended) {
      throw new Error('the answer broke off');
    }
  } catch (e) {
    $('file-status').textContent = e.message;
  }
});

// Start

showProblem();
(async function refresh(first) {
  try {
    await showModels();
    first && await showLessons();
  } catch (e) {
    $('status').textContent = `No connection to Rouse: ${e.message}`;
  }
  setTimeout(refresh, 5000, false);
})(true);
