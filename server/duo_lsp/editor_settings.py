"""What an editor has said of our settings, and how far each of its ways of saying so is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from duo_lsp import config
from duo_lsp.config import Layer, Resolved

GITLABS_OWN: Final = ("extension", "ide")
"""What GitLab's editor extensions say of themselves in their initialization options."""
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

    def introduce(self, options: object) -> None:
        """Take in the initialization options."""
        if isinstance(options, Mapping) and any(isinstance(options.get(key), Mapping) for key in GITLABS_OWN):
            self.is_gitlabs_own = True
            self._trusted.add(PUSHED)
        self.learn(OPTIONS, options)

    def learn(self, source: str, payload: object) -> None:
        """Lay what an editor sent over what that source said before.

        Only what the person put into their editor's own configuration decides where code and token go. Pushed and
        pulled settings may come from files of a repository (`.dir-locals.el`, `.vscode/settings.json`), so they do
        not; GitLab's own editor extensions, which push the token, say who they are when they start.
        """
        values = config.learned(self._layers[source].values, payload)
        self._lay(Layer(source, values, trusted=source in self._trusted))

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
