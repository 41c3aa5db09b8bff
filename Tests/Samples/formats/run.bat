@echo off
del *.*
