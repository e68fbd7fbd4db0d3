"""Settings of Keyuan; what differs between installations comes from the environment or `var/`."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.secrets import secret
from keyuan.project.databases import from_url

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("KEYUAN_VAR", BASE_DIR / "var"))
VAR.mkdir(parents=True, exist_ok=True)
SECRETS = VAR / "secrets"

DEBUG = False
SECRET_KEY = secret(SECRETS, "django").hex()
ALLOWED_HOSTS = os.environ.get("KEYUAN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
# The address that goes into links, QR codes and calendars; certificates carry it for years.
PUBLIC_URL = os.environ.get("KEYUAN_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []
DEMO = os.environ.get("KEYUAN_DEMO") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "keyuan.kernel",
    "keyuan.orgs",
    "keyuan.people",
    "keyuan.approvals",
    "keyuan.terms",
    "keyuan.plan",
    "keyuan.credits",
    "keyuan.attendance",
    "keyuan.evaluation",
    "keyuan.questions",
    "keyuan.packages",
    "keyuan.training",
    "keyuan.fees",
    "keyuan.logistics",
    "keyuan.coursework",
    "keyuan.filings",
    "keyuan.learning",
    "keyuan.duty",
    "keyuan.rotation",
    "keyuan.hosting",
    "keyuan.supervision",
    "keyuan.desk",
    "keyuan.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "keyuan.people.middleware.SeatMiddleware",
    "keyuan.kernel.middleware.FaultMiddleware",
]

ROOT_URLCONF = "keyuan.project.urls"
WSGI_APPLICATION = "keyuan.project.wsgi.application"
DATABASES = {"default": from_url(os.environ.get("DATABASE_URL", ""), VAR / "keyuan.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "keyuan.kernel.templating.environment",
            "context_processors": ["keyuan.kernel.pages.basis"],
        },
    },
    {
        # Only for the mails and few fragments that allauth ships as Django templates.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("zh-hant", _("繁體中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "keyuan.people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "keyuan.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "科苑"
# Nobody signs up: the office opens each account and hands over its link, so an address is vouched for.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "keyuan.kernel.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Whether the whole domain speaks HTTPS only is its owner's word, not ours (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS and os.environ.get("KEYUAN_BEHIND_PROXY") == "1"
if os.environ.get("KEYUAN_BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# "aes" (AES-256-GCM, SHA-256) or "sm4" (SM4-GCM, SM3); after a change run `manage rotate_keys --resume`.
KEYUAN_CIPHER = os.environ.get("KEYUAN_CIPHER", "aes")

# Without a host nothing is mailed: the inbox is the first channel, mail an addition.
EMAIL_HOST = os.environ.get("KEYUAN_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("KEYUAN_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("KEYUAN_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KEYUAN_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("KEYUAN_MAIL_TLS") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KEYUAN_MAIL_FROM", "keyuan@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING"},
        "keyuan": {"handlers": ["console"], "level": "INFO"},
    },
}
