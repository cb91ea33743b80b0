"""The public packages the engine's numbers come from, and those it is measured on; no project is in both."""

from __future__ import annotations

from typing import Final, Literal

import attrs

Language = Literal["Python", "JavaScript"]


@attrs.frozen
class Package:
    """One release, as its registry publishes the sources."""

    language: Language
    name: str
    version: str
    sha256: str

    @property
    def release(self) -> str:
        """Name and version as a folder's name."""
        return f"{self.name}-{self.version}"

    @property
    def archive(self) -> str:
        """The file's name in both registries."""
        return f"{self.release}.{'tar.gz' if self.language == 'Python' else 'tgz'}"


def _py(name: str, version: str, sha256: str) -> Package:
    return Package("Python", name, version, sha256)


def _js(name: str, version: str, sha256: str) -> Package:
    return Package("JavaScript", name, version, sha256)


TRAINED_ON: Final = (
    _py("fsspec", "2026.9.0", "0f08147951c8cb31d844c3547d631053b127863b60be04cf06e121333ee0e2fe"),
    _py("networkx", "3.6.1", "26b7c357accc0c8cde558ad486283728b65b6a95d85ee1cd66bafab4c8168509"),
    _py("pip", "26.3", "6c36ae7da8695be67e3cd9f7d87919667ced53f57ce2ede75d89b5912ed2bc4c"),
    _py("setuptools", "84.2.1", "3ff8b3b5492a0aa66960f4419365a86b84e013070d4313e4d4a6894f5d64d6bc"),
    _py("tqdm", "4.70.1", "cefd0eca11b2a37a3aee776544d4f4ae913f02688135b5556b8788dfa474afc4"),
    _py("urllib3", "2.8.0", "63bf2ead4c879426ebf22ef2a781eeb4aa3b4ae798a0435506f8687fd5bb9b63"),
    _js("chalk", "5.6.2", "94957715a483aa3b9db60c8f22d5498227d8025c407f982eef81e34f37574ffd"),
    _js("lodash", "4.18.1", "696942c2a488c9d7428e9ca5f12ccf03b52de01dcdbfe4d4751d392f0491ae16"),
    _js("vue", "2.6.14", "330a8750c598b5a16dd20b5813ff95601e59635053071eb34c7b78f00c82526e"),
)
"""Vue 2 because its package still holds its sources."""

MEASURED_ON: Final = (
    _py("attrs", "26.1.0", "d03ceb89cb322a8fd706d4fb91940737b6642aa36998fe130a9bc96c985eff32"),
    _py("black", "26.10.1", "5f9f83beae62437e060dafd53d7f1fc327e3d3494f74d72ee5c2b73eb90fc4e7"),
    _py("click", "8.5.1", "9bbfada76703fd1d784b83eea012e3e8c6a001a876543ef104fa56aaaeb072b4"),
    _py("flask", "3.1.3", "0ef0e52b8a9cd932855379197dd8f94047b359ca0a78695144304cb45f87c9eb"),
    _py("httpx", "0.28.1", "75e98c5f16b0f35b567856f597f06ff2270a374470a5c2392242528e3e3e42fc"),
    _py("jinja2", "3.1.6", "0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d"),
    _py("pytest", "9.2.0", "97c4f3b1f3c7414aa36465e09b8220f1d03627993bd51b1282e193753c80557b"),
    _py("requests", "2.34.2", "f288924cae4e29463698d6d60bc6a4da69c89185ad1e0bcc4104f584e960b9ed"),
    _py("rich", "15.0.0", "edd07a4824c6b40189fb7ac9bc4c52536e9780fbbfbddf6f1e2502c31b068c36"),
    _py("werkzeug", "3.1.9", "55ca7c70a75689be937aa27f8ff4b018f06ff4838fc73045560bf0f5a1291060"),
    _js("axios", "1.21.1", "5659acb8c9414ad88aa539db8e529947c9bac8cdf55973e314a078fc0205751c"),
    _js("eslint", "10.15.0", "8cb5e45fb5b1174e4216d546b69d37c0ac5cb5d9ba8342946a04af1f59605edb"),
    _js("express", "5.3.0", "62450d99e36dc393295f1ddd93cb9291e658c169f3b700b0110c1ae8fa799930"),
    _js("webpack", "5.112.2", "fb618a5eba0f16fa43ed720cc4634df4e88c65d594c0e0ad2c5c0c9be4057dfe"),
)
