// Three decks in one file: deck.html is the workshop, deck.html?talk and ?half are the other two.
const asked = new URLSearchParams(location.search)
const shown = ['talk', 'half'].find(name => asked.has(name)) ?? 'workshop'

document.querySelectorAll('.slides section').forEach(slide => {
  const minutes = slide.dataset[shown]
  if (minutes === undefined) {
    slide.remove()
    return
  }
  slide.dataset.timing = 60 * minutes
  slide.querySelectorAll('.minutes').forEach(place => place.textContent = minutes)
})

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  controls: false,
  hash: true,
  slideNumber: 'c/t',
  transition: 'none',
  backgroundTransition: 'none',
  defaultTiming: 60, // any: with it the notes show the pacing; each slide says its own
  plugins: [RevealNotes],
})

// While an exercise or a break is shown, a clock counts down; it begins again with the slide.
let clock
Reveal.on('slidechanged', showClock)
Reveal.on('ready', showClock)

function showClock() {
  clearInterval(clock)
  document.querySelector('.countdown')?.remove()
  const slide = Reveal.getCurrentSlide()
  if (!slide.classList.contains('your-turn')) return
  const end = Date.now() + 1000 * slide.dataset.timing
  const face = document.createElement('div')
  face.className = 'countdown'
  slide.append(face)
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000))
    face.textContent = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0')
  }
  tick()
  clock = setInterval(tick, 1000)
}
