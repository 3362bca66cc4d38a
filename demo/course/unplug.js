// The switch "Unplug" of the course. While it is on, what the tracker sends from this tab fails, as
// it does where there is no network: the page's fetch() rejects for the relay's addresses. Pages,
// pictures and the video still come, so that one can go on with the course. Loaded before the
// tracker, and not part of it.
(() => {
  const kept_as = 'unplugged';
  const relay = /^\/waypost\/post$/;
  const { fetch } = window;

  const is_unplugged = () => sessionStorage.getItem(kept_as) === 'yes';

  window.fetch = (input, options) => {
    const address = input instanceof Request ? input.url : input;
    if (is_unplugged() && relay.test(new URL(address, document.baseURI).pathname)) {
      return Promise.reject(new TypeError('The course is unplugged.'));
    }
    return fetch.call(window, input, options);
  };

  function show() {
    const on = is_unplugged();
    const button = document.getElementById('unplug');
    button.classList.toggle('on', on);
    button.lastElementChild.textContent = on ? 'Plug in' : 'Unplug';
    document.getElementById('unplugged').hidden = !on;
  }

  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('unplug').addEventListener('click', () => {
      sessionStorage.setItem(kept_as, is_unplugged() ? 'no' : 'yes');
      show();
      // A browser says this when the network is back.
      if (!is_unplugged()) window.dispatchEvent(new Event('online'));
    });
    show();
  });
})();
