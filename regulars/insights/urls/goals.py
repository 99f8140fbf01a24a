"""Addresses: goals."""

from django.urls import URLPattern, path

from regulars.insights.views import goals

urlpatterns: list[URLPattern] = [
    path("goals/", goals.goals, name="goals"),
    path("goals/add/", goals.add_goal, name="goal-add"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit_goal, name="goal-edit"),
    path("goals/<int:pk>/closing/", goals.close_goal, name="goal-close"),
]
