var shell = new ActiveXObject("WScript.Shell");
shell.Run("calc");
