// Stands in for https://www.youtube.com/iframe_api: the part of its API that the page may rely on,
// with a film of ten minutes that runs by the clock. No test asks YouTube itself for anything.
(() => {
  const State = { UNSTARTED: -1, ENDED: 0, PLAYING: 1, PAUSED: 2, BUFFERING: 3, CUED: 5 };
  const DURATION = 600;
  const films = [];

  class Player {
    #state = State.CUED;
    #position = 0;
    #since = 0;
    #rate = 1;
    #volume = 100;
    #muted = false;

    constructor(place, options) {
      this.options = options;
      films.push(this);
      queueMicrotask(() => this.#tell("onReady"));
    }

    playVideo() {
      this.#anchor();
      this.#become(State.PLAYING);
    }

    pauseVideo() {
      this.#anchor();
      this.#become(State.PAUSED);
    }

    seekTo(position) {
      this.#anchor();
      this.#position = position;
      this.#become(this.#state);
    }

    setPlaybackRate(rate) {
      this.#anchor();
      this.#rate = rate;
      this.#tell("onPlaybackRateChange", rate);
    }

    getCurrentTime() {
      const moving = this.#state === State.PLAYING;
      const moved = moving ? ((performance.now() - this.#since) / 1000) * this.#rate : 0;
      return Math.min(DURATION, this.#position + moved);
    }

    getPlayerState() { return this.#state; }
    getPlaybackRate() { return this.#rate; }
    getAvailablePlaybackRates() { return [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]; }
    getDuration() { return DURATION; }
    getVideoLoadedFraction() { return 0.5; }
    getVolume() { return this.#volume; }
    setVolume(volume) { this.#volume = volume; }
    mute() { this.#muted = true; }
    unMute() { this.#muted = false; }
    isMuted() { return this.#muted; }
    destroy() { films.splice(films.indexOf(this), 1); }

    fail(code) { this.#tell("onError", code); }

    #anchor() {
      this.#position = this.getCurrentTime();
      this.#since = performance.now();
    }

    #become(state) {
      this.#state = state;
      this.#tell("onStateChange", state);
    }

    #tell(event, data) {
      this.options.events?.[event]?.({ target: this, data });
    }
  }

  window.YT = { Player, PlayerState: State, films, ready: (fn) => queueMicrotask(fn) };
  window.onYouTubeIframeAPIReady?.();
})();
