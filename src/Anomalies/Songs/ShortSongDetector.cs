using Anomalies.Detecting;
using Contracts;

namespace Anomalies.Songs;

/// <summary>Finds songs that hardly begin.</summary>
internal sealed class ShortSongDetector()
    : LimitDetector<SongPosted>(
        "ShortSong",
        EventCatalog.MusicInfo,
        "Song duration",
        "s",
        song => song.SongDuration,
        limits => limits.SongMinDuration,
        isMaximum: false
    );
