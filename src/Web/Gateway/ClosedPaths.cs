namespace Web.Gateway;

/// <summary>What services say among themselves and what changes tables around the log: not for anybody outside.</summary>
internal static class ClosedPaths
{
    private const int DeepestEncoding = 8;

    /// <summary>
    /// The status for a request that is not let through (404: there is nothing here for you; 403: reading is fine, writing is not), or
    /// null. The path is judged by its plainest form, so that no spelling of it (case, empty and dot segments, one or more layers of
    /// encoding) gets by, whatever the service behind would make of it.
    /// </summary>
    public static int? Refuse(string method, string path)
    {
        if (Segments(path) is not { } segments)
            return StatusCodes.Status404NotFound;
        if (segments.Count == 0)
            return null;
        var service = segments[0];
        var route = segments.SkipWhile(segment => segment == service).FirstOrDefault();
        if (route is "progress" or "side" || (service == Upstream.Receiver.Prefix && route == "log"))
            return StatusCodes.Status404NotFound;
        return service == Upstream.Storage.Prefix && !IsReading(method) ? StatusCodes.Status403Forbidden : null;
    }

    private static bool IsReading(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // Null for a path that is encoded deeper than anybody would in earnest.
    private static List<string>? Segments(string path)
    {
        for (var depth = 0; path.Contains('%', StringComparison.Ordinal); depth++)
        {
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
                break;
            if (depth == DeepestEncoding)
                return null;
            path = decoded;
        }
        var segments = new List<string>();
        foreach (var part in path.Replace('\\', '/').Split('/'))
        {
            // What follows a semicolon is a parameter of the segment to some servers, and so is white space around it.
            var segment = part.Split(';')[0].Trim().TrimEnd('\0').ToLowerInvariant();
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (segment is not ("" or "." or ".."))
                segments.Add(segment);
        }
        return segments;
    }
}
