using System.Security.Cryptography;
using System.Text;

namespace Hangfire.MySql.Engine;

/// <summary>
/// A lock's name for the server: its names are one space for all databases and have at most 64 characters, so database, prefix and resource
/// are digested.
/// </summary>
internal static class LockName
{
    public static string For(string database, string prefix, string resource)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{database}\0{prefix}\0{resource}"));
        return $"hf:{Convert.ToHexStringLower(digest.AsSpan(0, 20))}";
    }
}
