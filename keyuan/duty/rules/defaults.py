"""What a school begins with; all of it is data that the office corrects.

Source: 中共广东省科协党校建设方案 (the notice of October 2020), part IV (二) and Annex 2: 186 presidents of provincial
societies and 21 party secretaries of city associations attend one training and give one lecture in their term; part VI:
lectures at 省级学会党建强会活动 and of sub-schools are given by leaders too.
"""

from datetime import date

from keyuan.duty.models import Kind
from keyuan.orgs.models import Organisation
from keyuan.terms.models import Post
from keyuan.training.models import Session

SINCE = date(2020, 10, 1)
BASIS = "科协党校建设方案（2020年10月）：主要领导干部“听一课讲一课”，任期内参加一次培训、讲授一次课程"
PARTY_EVENT = "省级学会党建强会活动"
# Kind of organisation, duty of the post.
OWED = (
    (Organisation.Kind.SOCIETY.value, Post.Duty.PRESIDENT.value),
    (Organisation.Kind.CITY_ASSOCIATION.value, Post.Duty.PARTY_SECRETARY.value),
)
# Kinds of sessions that are lectures wherever the school itself teaches.
LECTURES = (Session.Kind.LECTURE.value, Session.Kind.CASE.value, Session.Kind.ONLINE.value)
KINDS = (Kind.ATTEND.value, Kind.LECTURE.value)
