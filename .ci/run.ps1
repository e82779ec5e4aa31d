# The README's two commands for Windows, as they are printed there, in that order.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true  # a command that fails ends the script
Set-Location (Split-Path $PSScriptRoot)

$readme = Get-Content -Raw -Encoding utf8 README.md
$block = [regex]::Match($readme, '(?s)```powershell\r?\n(.*?)```').Groups[1].Value
Set-Content .ci/commands.ps1 $block
& .ci/commands.ps1
