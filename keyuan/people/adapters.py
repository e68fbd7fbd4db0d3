"""How allauth meets Keyuan's accounts: no open sign-up, phones by blind index, sealed second factors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from keyuan.kernel import cipher, codes
from keyuan.people import queries
from keyuan.people.models import Account


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts are opened by invitation; a phone is found through its keyed index."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_user_by_phone(self, phone: str) -> Account | None:
        """The account of a phone, whichever way its digits were written."""
        return queries.account_by_phone(phone)

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        """The phone an account signs in with."""
        phone = queries.phone_of(user.person)
        return (phone, user.phone_verified) if phone and user.phone_index else None

    def set_phone(self, user: Account, phone: str, verified: bool) -> None:  # noqa: FBT001 - allauth's signature
        """Sign in by this phone from now on."""
        user.phone_index = cipher.blind_index("phone", codes.normal_phone(phone))
        user.phone_verified = verified
        user.save(update_fields=["phone_index", "phone_verified"])

    def set_phone_verified(self, user: Account, phone: str) -> None:
        """Note that the phone has answered."""
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])

    def send_verification_code_sms(self, user: Account, phone: str, code: str, **kwargs: Any) -> None:
        """No gateway is part of the house; an installation that has one overrides this adapter."""
        raise RuntimeError("未接入短信通道：请在安装时配置短信网关，或改用密码、通行密钥登录。")

    def clean_phone(self, phone: str) -> str:
        """Digits only, so that +86, blanks and hyphens make no difference."""
        return codes.normal_phone(phone)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Second-factor secrets are sealed at rest."""

    def encrypt(self, text: str) -> str:
        """Seal a TOTP secret or recovery seed."""
        return cipher.seal(text, "mfa")

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return cipher.open_sealed(encrypted_text, "mfa")
