"""The examination of a running installation: each finding is sound or names the fault and its mending."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from keyuan.kernel import audit, backups
from keyuan.kernel.models import AuditEntry
from keyuan.kernel.models.jobs import Job

GIGABYTE = 1 << 30
FREE = 1 * GIGABYTE
BACKUP_AGE = timedelta(days=2)
JOB_AGE = timedelta(hours=1)
SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: sound when there is no fault."""

    title: str
    fault: str = ""


Examination = Callable[[], Iterator[str]]
EXAMINATIONS: list[tuple[str, Examination]] = []


def examine(title: str) -> Callable[[Examination], Examination]:
    """Register an examination; it yields one sentence a fault."""

    def register(function: Examination) -> Examination:
        EXAMINATIONS.append((title, function))
        return function

    return register


def findings() -> Iterator[Finding]:
    """Everything looked at; an examination that breaks is a fault, not an end."""
    for title, function in EXAMINATIONS:
        try:
            faults = list(function())
        except (DatabaseError, sqlite3.Error, OSError, ValueError, LookupError) as fault:
            faults = [f"检查没有做成：{fault}"]
        yield from (Finding(title, fault) for fault in faults)
        if not faults:
            yield Finding(title)


@examine("设置与数据库选项")
def _checks() -> Iterator[str]:
    https = settings.HTTPS
    for message in checks.run_checks(include_deployment_checks=https, databases=["default"]):
        if message.level >= (checks.WARNING if https else checks.ERROR):
            yield f"{message.msg} {message.hint or ''}".strip()


@examine("对外地址与 HTTPS")
def _https() -> Iterator[str]:
    host = settings.PUBLIC_URL.split("://", 1)[-1].split("/")[0]
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield f"KEYUAN_HOSTS 里没有对外地址 {name}，按链接打开会得到 400"
    if "*" in settings.ALLOWED_HOSTS:
        yield "KEYUAN_HOSTS 不应为 *，请写明域名"
    if not settings.HTTPS and name not in {"127.0.0.1", "localhost", "[::1]"}:
        yield "对外地址不是 https://，密码与个人信息会明文传送；请在反向代理上启用 HTTPS 并设置 KEYUAN_URL"
    if settings.HTTPS and not (settings.SESSION_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        yield "对外是 HTTPS，但 Cookie 或 HSTS 没有按 HTTPS 设置"
    if settings.HTTPS and os.environ.get("KEYUAN_BEHIND_PROXY") != "1":
        yield "对外是 HTTPS，但没有设置 KEYUAN_BEHIND_PROXY=1，服务认不出经代理来的 HTTPS 请求"


@examine("数据库迁移")
def _migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"迁移 {migration} 还没有执行；请运行 manage migrate"


@examine("数据库完整")
def _integrity() -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check(20)")
            yield from (f"数据页损坏：{row[0]}" for row in cursor.fetchall() if row[0] != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            yield from (f"表 {row[0]} 第 {row[1]} 行引用了不存在的 {row[2]}" for row in cursor.fetchmany(20))
            return
        cursor.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated")
        yield from (f"表 {table} 的约束 {name} 没有验证过" for table, name in cursor.fetchall())
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        yield from (f"索引 {name} 无效，请 REINDEX" for (name,) in cursor.fetchall())


@examine("操作日志链")
def _audit() -> Iterator[str]:
    if fault := audit.verify():
        yield f"{fault.message}（第 {fault.seq} 条）；请与备份比对，查明谁动过数据库"


@examine("后台任务")
def _jobs() -> Iterator[str]:
    now = timezone.now()
    waiting = Job.objects.filter(state=Job.State.QUEUED, due_at__lt=now - JOB_AGE)
    if count := waiting.count():
        yield f"{count} 个任务等待超过一小时；后台进程（manage worker）是否在运行？"
    if count := Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now - JOB_AGE).count():
        yield f"{count} 个任务无人接手已超过一小时；后台进程（manage worker）是否在运行？"
    recent = now - timedelta(days=7)
    if count := Job.objects.filter(state=Job.State.FAILED, ended_at__gt=recent).count():
        yield f"最近 7 天有 {count} 个任务没有完成，请看任务页上的原因"


@examine("时钟")
def _clock() -> Iterator[str]:
    now = timezone.now()
    last = AuditEntry.objects.order_by("-seq").values_list("at", flat=True).first()
    if last and last > now + timedelta(minutes=1):
        yield f"系统时间早于最后一条日志（{last:%Y-%m-%d %H:%M}），请校准时钟"
    probe = Path(settings.VAR) / f".clock-{os.getpid()}"
    probe.touch()
    skew = abs(probe.stat().st_mtime - time.time())
    probe.unlink()
    if skew > SKEW.total_seconds():
        yield f"磁盘时间与系统时间相差 {skew:.0f} 秒"


@examine("磁盘与文件夹")
def _disk() -> Iterator[str]:
    var = Path(settings.VAR)
    free = shutil.disk_usage(var).free
    if free < FREE:
        yield f"磁盘只剩 {free / GIGABYTE:.2f} GB"
    for path in (var, var / "files", var / "backups", Path(settings.SECRETS)):
        if path.exists() and not os.access(path, os.W_OK):
            yield f"{path} 不能写入"
    if os.name == "nt":
        return
    for key in Path(settings.SECRETS).glob("*.key"):
        if key.stat().st_mode & 0o077:
            yield f"密钥 {key} 可被他人读取；请运行 chmod 600"


@examine("备份")
def _backup() -> Iterator[str]:
    last = backups.last_backup()
    if last is None:
        yield f"{backups.folder()} 里还没有备份；请运行 manage backup"
    elif (age := time.time() - last.stat().st_mtime) > BACKUP_AGE.total_seconds():
        yield f"最近的备份是 {age / 86400:.1f} 天前的；请运行 manage backup"
