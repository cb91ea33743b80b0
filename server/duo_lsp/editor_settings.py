"""What an editor has said of our settings, and how far each of its ways of saying so is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duo_lsp import config
from duo_lsp.config import Layer, Resolved

GITLABS_OWN: Final = ("extension", "ide")
"""What GitLab's editor extensions say of themselves in their initialization options."""
WHOLE: Final = "duoConfiguration"
"""What a client sets to true among its experimental capabilities that pushes all settings, and a person's own only."""
OPTIONS: Final = "initializationOptions"
PUSHED: Final = "didChangeConfiguration"
PULLED: Final = "workspace/configuration"
SIGN_OUT: Final = "duo.signOut"
"""Stands above all others: whoever signs out in the editor means it, wherever a token may lie."""


class EditorSettings:
    """The settings that apply; later sources win."""

    def __init__(self, base: tuple[Layer, ...]) -> None:
        """`base` comes from files and the environment, weakest first."""
        self.resolved: Resolved = config.resolve(base)
        self.is_gitlabs_own = False
        """Whether this is one of GitLab's own editor extensions, which know its server's notifications."""
        self._base = base
        self._layers = {source: Layer(source, {}) for source in (OPTIONS, PUSHED, PULLED, SIGN_OUT)}
        self._trusted = {OPTIONS}
        self._whole = False

    def introduce(self, options: object, experimental: object = None) -> None:
        """Take in the initialization options, and what the editor can do beside the protocol."""
        self._whole = isinstance(experimental, Mapping) and experimental.get(WHOLE) is True
        if isinstance(options, Mapping) and any(isinstance(options.get(key), Mapping) for key in GITLABS_OWN):
            self.is_gitlabs_own = True
            self._trusted.add(PUSHED)
        self.learn(OPTIONS, options)

    def learn(self, source: str, payload: object) -> None:
        """Lay what an editor sent over what that source said before.

        Only what the person put into their editor's own configuration decides where code and token go. Pushed and
        pulled settings may come from files of a repository (`.dir-locals.el`, `.vscode/settings.json`), so they do
        not; GitLab's own editor extensions, which push the token, say who they are when they start. So do editors that
        tell apart themselves what a person and what a repository has set: what those push takes the place of their
        options, so that a setting can also be taken away.
        """
        if self._whole and source == PUSHED and isinstance(payload, Mapping):
            self._replace(config.of_editor(payload))
            return
        values = config.learned(self._layers[source].values, payload)
        self._lay(Layer(source, values, trusted=source in self._trusted))

    def _replace(self, values: Mapping[str, Any]) -> None:
        """Whoever types a token after signing out wants it to be used."""
        if values.get("token") not in (None, self._layers[OPTIONS].values.get("token")):
            self._layers[SIGN_OUT] = Layer(SIGN_OUT, {})
        self._lay(Layer(OPTIONS, values))

    def stay_out(self, *, out: bool) -> None:
        """Use no token, wherever one may lie; or use what there is again."""
        self._lay(Layer(SIGN_OUT, {"token": ""} if out else {}))

    def signed_in(self) -> Resolved:
        """The settings as they would be had nobody signed out in the editor."""
        return config.resolve((*self._base, *(layer for layer in self._layers.values() if layer.source != SIGN_OUT)))

    def _lay(self, layer: Layer) -> None:
        self._layers[layer.source] = layer
        resolved = config.resolve((*self._base, *self._layers.values()))
        if resolved != self.resolved:  # until new settings are in force nothing is asked; most answers say nothing new
            self.resolved = resolved
