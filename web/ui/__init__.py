"""The pages for people: server-rendered, Chinese and English, from 360 px wide."""
