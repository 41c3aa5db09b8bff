#!/bin/sh
rm -rf .
