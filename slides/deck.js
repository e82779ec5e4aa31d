// The 45-minute talk: deck.html?talk leaves out the slides of the workshop.
if (new URLSearchParams(location.search).has('talk')) {
  document.querySelectorAll('.workshop-only').forEach(slide => slide.remove())
}

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
